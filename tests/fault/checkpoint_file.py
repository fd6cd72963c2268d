"""Checkpoints and genomes as the tests see them: read, checked and damaged without our library."""

import json
import re
import struct
import zlib


def parts(data):
    """Header and data of a safetensors file."""
    (length,) = struct.unpack("<Q", data[:8])
    return data[8:8 + length], data[8 + length:]


def joined(header, data):
    """The reverse: the header is padded so that the data start at a multiple of 8 bytes."""
    header = header.rstrip(b" ")
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data


def with_checksum(data):
    """The bytes of a checkpoint after its metadata were edited: with the CRC-32 of all the rest."""
    header, rest = parts(data)
    header = re.sub(rb'"crc32":"\d+",', b"", header)
    checksum = zlib.crc32(joined(header, rest))
    return joined(header.replace(b'"format"', b'"crc32":"%d","format"' % checksum), rest)


def tensors(path):
    """Names and bytes of the tensors of a safetensors file; its metadata tell of time and place.
    The checksum of a checkpoint must be right."""
    data = path.read_bytes()
    header, rest = parts(data)
    entries = json.loads(header)
    if "checkpoint" in path.name and with_checksum(data) != data:
        raise ValueError(f"{path}: the checksum is wrong")
    return {name: rest[slice(*entry["data_offsets"])]
            for name, entry in entries.items() if name != "__metadata__"}


def damaged(data, chance):
    """The bytes with one bit turned, or cut short."""
    place = chance.randrange(len(data))
    # Of a space of the header another may be made, and nothing is lost.
    if data[place] == ord(" ") or chance.random() < 0.5:
        return data[:place]
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1:]
