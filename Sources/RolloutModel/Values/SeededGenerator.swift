/// Random numbers that are the same in every run: SplitMix64.
///
/// - SeeAlso: <https://prng.di.unimi.it/splitmix64.c>
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts a sequence; equal seeds give equal sequences.
    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// Starts the sequence that belongs to a list of names: equal lists give equal sequences, in any process.
    package init(seed: UInt64, of names: [String]) {
        // FNV-1a, each name ended by a byte that no UTF-8 text has.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in names {
            for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        self.init(seed: seed ^ hash)
    }

    /// A whole number from 0 to `limit`, both included.
    package mutating func number(upTo limit: Int64) -> Int64 {
        limit <= 0 ? 0 : Int64.random(in: 0...limit, using: &self)
    }
}
