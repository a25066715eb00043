import Foundation

/// A disk that keeps what was synced and may keep, lose or spoil what was not, as real ones do when the power goes.
///
/// A file holds everything up to its last sync; of later writes any subset of 512-byte sectors may have arrived, some
/// of them spoiled. A name that was made, removed or moved since the last sync of its folder may be there or not.
struct SimulatedDisk {
    /// How much of what was not synced reaches the disk.
    enum Luck: CaseIterable {
        case nothing, everything, some
    }

    private static let sectorSize = 512
    private static let spoiledShare = 0.03

    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case truncate(size: Int)
    }

    private struct File {
        var synced: [UInt8] = []
        var pending: [Change] = []
    }

    /// Every file that ever was, by number, so that a name can come to mean another file.
    private var files: [File] = []
    /// What each name may mean after a power cut: the synced meaning first, the present one last; `nil` is no file.
    private var meanings: [String: [Int?]] = [:]

    private func file(_ path: String) -> Int? { meanings[path]?.last ?? nil }

    /// Carries out a recorded call.
    mutating func apply(_ call: RecordedCall) {
        switch call {
        case .create(let path):
            guard file(path) == nil else { return }
            meanings[path, default: [nil]].append(files.count)
            files.append(File())
        case .write(let path, let offset, let bytes):
            if let file = file(path) { files[file].pending.append(.write(offset: offset, bytes: bytes)) }
        case .truncate(let path, let size):
            if let file = file(path) { files[file].pending.append(.truncate(size: size)) }
        case .sync(let path):
            if let file = file(path) {
                for change in files[file].pending { Self.apply(change, to: &files[file].synced) }
                files[file].pending = []
            } else {
                for (name, possible) in meanings where name.hasPrefix(path + "/") {
                    meanings[name] = possible.suffix(1)
                }
            }
        case .remove(let path):
            if file(path) != nil { meanings[path]?.append(nil) }
        case .link(let from, let to):
            if let file = file(from) { meanings[to, default: [nil]].append(file) }
        case .rename(let from, let to):
            apply(.link(from: from, to: to))
            apply(.remove(path: from))
        case .print: break
        }
    }

    /// The files as they may be found after the power went now.
    func afterPowerCut(_ luck: Luck, using generator: inout some RandomNumberGenerator) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for (path, possible) in meanings.sorted(by: { $0.key < $1.key }) {
            let meaning =
                switch luck {
                case .nothing: possible.first
                case .everything: possible.last
                case .some: possible.randomElement(using: &generator)
                }
            guard case .some(.some(let number)) = meaning else { continue }
            var bytes = files[number].synced
            for change in files[number].pending {
                switch luck {
                case .nothing: break
                case .everything: Self.apply(change, to: &bytes)
                case .some: Self.applyInPart(change, to: &bytes, using: &generator)
                }
            }
            found[path] = bytes
        }
        return found
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .write(let offset, let written):
            if bytes.count < offset + written.count {
                bytes.append(contentsOf: repeatElement(0, count: offset + written.count - bytes.count))
            }
            bytes.replaceSubrange(offset..<offset + written.count, with: written)
        case .truncate(let size):
            if size < bytes.count {
                bytes.removeSubrange(size...)
            } else {
                bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
            }
        }
    }

    private static func applyInPart(
        _ change: Change, to bytes: inout [UInt8], using generator: inout some RandomNumberGenerator
    ) {
        guard case .write(let offset, let written) = change else {
            if Bool.random(using: &generator) { apply(change, to: &bytes) }
            return
        }
        var start = 0
        while start < written.count {
            let end = min(written.count, (offset + start) / sectorSize * sectorSize + sectorSize - offset)
            var sector = Array(written[start..<end])
            if Double.random(in: 0..<1, using: &generator) < spoiledShare {
                for index in sector.indices { sector[index] = generator.next() }
            } else if Bool.random(using: &generator) {
                start = end
                continue
            }
            apply(.write(offset: offset + start, bytes: sector), to: &bytes)
            start = end
        }
    }
}

/// A generator of the same numbers from the same seed (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
