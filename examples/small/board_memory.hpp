// What g++ makes calls to, for a board without a C library: a board's own source includes it, once.
#pragma once

extern "C" {

void* memcpy(void* to, const void* from, unsigned bytes) {
    auto* out = static_cast<volatile unsigned char*>(to);
    const auto* in = static_cast<const unsigned char*>(from);
    while (bytes-- > 0) *out++ = *in++;
    return to;
}
void* memset(void* to, int value, unsigned bytes) {
    auto* out = static_cast<volatile unsigned char*>(to);
    while (bytes-- > 0) *out++ = static_cast<unsigned char>(value);
    return to;
}

}  // extern "C"
