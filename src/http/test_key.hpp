#pragma once

#include <string_view>

namespace saldo::http {

// One key in two forms, made for these tests and used nowhere else: drawing a fresh one takes a fifth of a second.

inline constexpr std::string_view test_key_jwk =
    R"({"kty":"RSA","e":"AQAB","n":"5xfWhSkMztlaOPI1Ad_8OWP7j9_JDpNIBJ-o7yIaV3--FzL7nBAzYAYglRP2myVZhlSJ0B6)"
    R"(9h97JUhC49TgUQEhWiE_ORTyNV1Pc_B7TlCRhGIPOdZ8fKOtx87uEbg-M93OOhs6xSxas4eMJo0EjyQsimf_TB94t1q-b1t5KNHj)"
    R"(fLjREov4avgbeJqavryliMa4oix9MRRozmKalKz2IdS2ga4bE9JjYK0BZKA_Vpih_wmyY61F2hJgt8FAXfbc-9rHC1jQtKHHZOUw)"
    R"(aqLs1pbqC0y0IMG_ZMJsKgOq0ZI9Wh7m86ULvuDjikxsfu8-onUWqGpkcCvo5qnpKtZdqcw","d":"Taz9Dbg9FmAHjAGZoJ41jO)"
    R"(LXAUaysYP-3pL9-Rco7IVDE1AvM4dchWe51vIlX4O_4j-TLRHQGhXf7IYzbTVi1TKbZ2kPx8TxK0vEiTghXPeXbWKMaIvKMPpmzI)"
    R"(qYmlf-xYQhgZ2DCV6_UJP8PtQb360u_b14JPpgxPs08hW4sobU1mb7TM-m4NdkKrOdjflcB5WM9q3BjvxWy49puiyQVH5nKxpCJw)"
    R"(r99YWHdUR84vvwkhbwgJFM_3hOzcZOs6FMrYZorGMop86gpAAMGIqzjI-dyuKG21ZDbvJ0I6iERK2sBqaoIk8YXeDnWoeOdWgPZv)"
    R"(WxuekAkCV6qR8kEWzNeQ","p":"9Aao2eD73Rub14EUHgOLO_8qr7cDN3yihbIqfKCOflAbIUdyaTrv0ACqPe0BC0Z6kXIsWMHxg)"
    R"(D9XguZP5FhV9Z6XUHGRhJX2a8SWVLcUrUMrhfdRQVA3T4nsAzBVisbuvZ_2UZzwA60Gn_bmhWOLhdFGQdNeNqxmMgRkXQiJsqs",)"
    R"("q":"8m64rf7OYmATH05c6pEI92efPBfKJfBqvFdKZf0HOlZ0TLjJYWYUAYrDsm6dyHrULQ58Yk-NmpqzVpSK_M-yM7yCqhiuMqy)"
    R"(maNo1WFMtzESP4OLltdQ4b48PE-NCWxReZmI8-wNxq4RICqkAZ-uczYxsFPPGWJ8-mRsP73iA51k","dp":"TKyLAWqfuKmkHeKA)"
    R"(361dYkyarPtkF1sh9cA1eVM5cpbY72vzlvzdvQ14cFy3p0NN38VwCbNmnlVIueiD0cuvtq1N_gixIGe-Nb5fPd8IsCga1M0QyuTZ)"
    R"(fDRp49acCi7XdN1-F8an43_KRRje9aqBfFp1KNmxEJy6v5yBrHmySmE","dq":"0l1JW5ITPEHp1eyFq_UWNrhv8BEklC8-Lxf_s)"
    R"(ugQ8Yo7eKeP9zhAe-YRUi-yMliC7GX5gMVPNqyumZ5jzGPdWg9lwnuQDODLtYhDadUjlHCZ-KZqdZElN4iHqNY2qhnOoED2cUnXx)"
    R"(OEQMk_bzlEgyyviTXwKzLPB-dEFzuJd2GE","qi":"ooGf1uSVhmZGskyREb7MmFjpqlaQESDIy83IVkStVT79j9mbi5hXP6-_b0)"
    R"(a4gnyCSiVN6AQn7AMi1AVeL4zK098xynhkRyeNiUhvKgnNcEKAagLAgdHKZ3dQ89G-tx5MqcKXGzSTd7uyw_J6p3mj6rFsuuZCoa)"
    R"(CzyEKmsLY12OU"})";

/// Computed by another implementation.
inline constexpr std::string_view test_key_kid = "IsU3q0DgNMv7NNmuIdNHmawX21dWwiZ0wNAMjcn6g3Q";

inline constexpr std::string_view test_key_pem = R"(-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDnF9aFKQzO2Vo4
8jUB3/w5Y/uP38kOk0gEn6jvIhpXf74XMvucEDNgBiCVE/abJVmGVInQHr2H3slS
ELj1OBRASFaIT85FPI1XU9z8HtOUJGEYg851nx8o63Hzu4RuD4z3c46GzrFLFqzh
4wmjQSPJCyKZ/9MH3i3Wr5vW3ko0eN8uNESi/hq+Bt4mpq+vKWIxriiLH0xFGjOY
pqUrPYh1LaBrhsT0mNgrQFkoD9WmKH/CbJjrUXaEmC3wUBd9tz72scLWNC0ocdk5
TBqouzWluoLTLQgwb9kwmwqA6rRkj1aHubzpQu+4OOKTGx+7z6idRaoamRwK+jmq
ekq1l2pzAgMBAAECggEATaz9Dbg9FmAHjAGZoJ41jOLXAUaysYP+3pL9+Rco7IVD
E1AvM4dchWe51vIlX4O/4j+TLRHQGhXf7IYzbTVi1TKbZ2kPx8TxK0vEiTghXPeX
bWKMaIvKMPpmzIqYmlf+xYQhgZ2DCV6/UJP8PtQb360u/b14JPpgxPs08hW4sobU
1mb7TM+m4NdkKrOdjflcB5WM9q3BjvxWy49puiyQVH5nKxpCJwr99YWHdUR84vvw
khbwgJFM/3hOzcZOs6FMrYZorGMop86gpAAMGIqzjI+dyuKG21ZDbvJ0I6iERK2s
BqaoIk8YXeDnWoeOdWgPZvWxuekAkCV6qR8kEWzNeQKBgQD0BqjZ4PvdG5vXgRQe
A4s7/yqvtwM3fKKFsip8oI5+UBshR3JpOu/QAKo97QELRnqRcixYwfGAP1eC5k/k
WFX1npdQcZGElfZrxJZUtxStQyuF91FBUDdPiewDMFWKxu69n/ZRnPADrQaf9uaF
Y4uF0UZB0142rGYyBGRdCImyqwKBgQDybrit/s5iYBMfTlzqkQj3Z588F8ol8Gq8
V0pl/Qc6VnRMuMlhZhQBisOybp3IetQtDnxiT42amrNWlIr8z7IzvIKqGK4yrKZo
2jVYUy3MRI/g4uW11Dhvjw8T40JbFF5mYjz7A3GrhEgKqQBn65zNjGwU88ZYnz6Z
Gw/veIDnWQKBgEysiwFqn7ippB3igN+tXWJMmqz7ZBdbIfXANXlTOXKW2O9r85b8
3b0NeHBct6dDTd/FcAmzZp5VSLnog9HLr7atTf4IsSBnvjW+Xz3fCLAoGtTNEMrk
2Xw0aePWnAou13TdfhfGp+N/ykUY3vWqgXxadSjZsRCcur+cgax5skphAoGBANJd
SVuSEzxB6dXshav1Fja4b/ARJJQvPi8X/7LoEPGKO3inj/c4QHvmEVIvsjJYguxl
+YDFTzasrpmeY8xj3VoPZcJ7kAzgy7WIQ2nVI5RwmfimanWRJTeIh6jWNqoZzqBA
9nFJ18ThEDJP285RIMsr4k18CsyzwfnRBc7iXdhhAoGBAKKBn9bklYZmRrJMkRG+
zJhY6apWkBEgyMvNyFZErVU+/Y/Zm4uYVz+vv29GuIJ8gkolTegEJ+wDItQFXi+M
ytPfMcp4ZEcnjYlIbyoJzXBCgGoCwIHRymd3UPPRvrceTKnClxs0k3e7ssPyeqd5
o+qxbLrmQqGgs8hCprC2Ndjl
-----END PRIVATE KEY-----
)";

}  // namespace saldo::http
