/// How what several watches or ledgers tell of one cluster is put in one order, each in its own.
///
/// They are told apart by versions, since versions of different resources are comparable in fact, though not by promise,
/// where one etcd holds them.
enum Merging {
    /// Which of them tells next, by what each would tell (`nil` for one that has ended).
    ///
    /// What comes lowest in the order goes first, of equals that of the first; what has no place in the order goes as soon
    /// as it is its turn where it is from.
    static func turn<Told, Order: Comparable>(of heads: [Told?], by order: (Told) -> Order?) -> Int? {
        var lowest: (index: Int, order: Order)?
        for (index, head) in heads.enumerated() {
            guard let head else { continue }
            guard let order = order(head) else { return index }
            if lowest.map({ order < $0.order }) ?? true { lowest = (index, order) }
        }
        return lowest?.index
    }
}
