# Writes OUTPUT: a C++ file whose `saldo::web::embedded(name)` gives the bytes of each of FILES by its path below ROOT.
#
#   cmake -DOUTPUT=embedded.cpp -DROOT=src/web -DFILES=text/de.json,pages/layout.html -P cmake/embed.cmake
string(REPLACE "," ";" files "${FILES}")
set(code "#include \"web/embedded.hpp\"\n\n#include \"foundation/outcome.hpp\"\n\nnamespace saldo::web {\n\n")
string(APPEND code "std::string_view embedded(std::string_view name) {\n")
foreach(file IN LISTS files)
  file(READ "${ROOT}/${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${hex}")
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(APPEND code "    if (name == \"${file}\") return {\"${bytes}\", ${size}};\n")
endforeach()
string(APPEND code "    foundation::ensure(false, \"something is embedded by that name\");\n    return {};\n}\n\n")
string(APPEND code "}  // namespace saldo::web\n")
file(WRITE "${OUTPUT}" "${code}")
