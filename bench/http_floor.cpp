// The server's floor: what a request costs when the answer is ready. `http_floor PORT BYTES` serves one prebuilt body
// on one thread until it is told to end, for comparison with nginx serving a file of that size.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_map>

#include "http/server.hpp"

int main(int argc, char** argv) {
    using namespace saldo::http;
    if (argc != 3) {
        std::cerr << "usage: http_floor PORT BYTES\n";
        return EXIT_FAILURE;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);

    Response document{.status = 200, .body = std::make_shared<const std::string>(std::stoul(argv[2]), 'x')};
    document.fields.add("Content-Type", "application/json;charset=UTF-8").add("ETag", "\"4f2a91c07e5d83b6\"");
    document.rendered_head = std::make_shared<const std::string>(render_head(document));
    std::unordered_map<std::string_view, Response> documents;
    documents.emplace("/document", std::move(document));

    Server server({.listen = {std::string("127.0.0.1:") + argv[1]}, .threads = 1},
                  [&](const RequestPtr& request, Respond respond) {
                      const auto found = documents.find(request->path);
                      respond(found == documents.end() ? Response{.status = 404} : found->second);
                  });
    server.start();
    std::cout << server.port() << std::endl;
    int ended = 0;
    sigwait(&ends, &ended);
    server.stop();
}
