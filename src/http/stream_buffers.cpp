#include "http/stream_buffers.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace saldo::http {

std::span<char> ReadBuffer::room(std::size_t size_min) {
    if (is_empty()) clear();
    if (capacity_ - end_ < size_min) {
        const auto held = view();
        auto capacity = std::max(capacity_, first_capacity);
        while (capacity - held.size() < size_min) capacity *= 2;
        if (capacity == capacity_) {
            std::memmove(bytes_.get(), held.data(), held.size());
        } else {
            auto larger = std::make_unique_for_overwrite<char[]>(capacity);
            std::ranges::copy(held, larger.get());
            bytes_ = std::move(larger);
            capacity_ = capacity;
        }
        end_ = held.size();
        begin_ = 0;
    }
    return {bytes_.get() + end_, capacity_ - end_};
}

void ReadBuffer::release_if_large() {
    if (!is_empty() || capacity_ <= first_capacity) return;
    *this = ReadBuffer{};
}

void Outgoing::set(Response response, std::string head, BodyIs body_is) {
    response_ = std::move(response);
    head_ = std::move(head);
    pieces_ = {};
    std::size_t count = 0;
    if (response_.rendered_head) pieces_[count++] = *response_.rendered_head;
    pieces_[count++] = head_;
    if (body_is == BodyIs::sent) pieces_[count] = response_.body.view();
    size_ = pieces_[0].size() + pieces_[1].size() + pieces_[2].size();
    sent_ = 0;
}

void Outgoing::set_interim(std::string_view lines) {
    clear();
    pieces_ = {lines, {}, {}};
    size_ = lines.size();
}

void Outgoing::set_piece(std::string before, Body bytes, std::string_view behind) {
    gone_ += size_;
    head_ = std::move(before);
    piece_ = std::move(bytes);
    pieces_ = {head_, piece_.view(), behind};
    size_ = head_.size() + piece_.view().size() + behind.size();
    sent_ = 0;
}

Outgoing::Pieces Outgoing::left() const {
    Pieces left;
    auto skip = sent_;
    std::size_t count = 0;
    for (const auto piece : pieces_) {
        const auto gone = std::min(skip, piece.size());
        skip -= gone;
        if (gone < piece.size()) left[count++] = piece.substr(gone);
    }
    return left;
}

void Outgoing::clear() {
    *this = Outgoing{};
}

}  // namespace saldo::http
