#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "service/outgoing.hpp"

namespace saldo::gateway {

/// Requests over HTTP/1.1, any number at once on one thread. It follows no redirect, asks no proxy, proves certificates
/// against the system's list, and opens a socket only to an address that the request's reach includes: what a name
/// leads to is checked where the connection is made, so that it cannot change in between.
class CurlOutgoing final : public service::Outgoing {
  public:
    struct Settings {
        std::chrono::milliseconds time_limit =
            std::chrono::seconds(10);             ///< from the name to the last byte that is read
        std::filesystem::path certificates = {};  ///< a PEM file to trust instead of the system's list
    };
    CurlOutgoing();
    explicit CurlOutgoing(Settings settings);
    ~CurlOutgoing() override;

    void send(service::OutgoingRequest request,
              std::move_only_function<void(service::OutgoingAnswer)> answered) override;

  private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

}  // namespace saldo::gateway
