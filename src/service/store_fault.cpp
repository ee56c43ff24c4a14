#include "service/store_fault.hpp"

namespace saldo::service {

std::string place_of(const EventRecord& record) {
    return "bucket " + std::to_string(record.stream.bucket) + ", position " + std::to_string(record.position) +
           " (event " + std::to_string(record.seq) + " of " + record.stream.name + ')';
}

}  // namespace saldo::service
