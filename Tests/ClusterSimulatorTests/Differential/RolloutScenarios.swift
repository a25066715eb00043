import RolloutModel

extension RolloutScenario {
    static let rolling = [
        RolloutScenario("1 replica", replicas: 1, acts: .image("2"), .settle),
        RolloutScenario("2 replicas", replicas: 2, acts: .image("2"), .settle),
        RolloutScenario("3 replicas", replicas: 3, acts: .image("2"), .settle),
        RolloutScenario("4 replicas", replicas: 4, acts: .image("2"), .settle),
        RolloutScenario("5 replicas", replicas: 5, acts: .image("2"), .settle),
        RolloutScenario("10 replicas", replicas: 10, acts: .image("2"), .settle),
        RolloutScenario(
            "40 replicas, 13% and 7%", replicas: 40, .rolling(surge: "13%", unavailable: "7%"), acts: .image("2"),
            .settle),
        RolloutScenario(
            "9 replicas, 150% more", replicas: 9, .rolling(surge: "150%", unavailable: 0), acts: .image("2"), .settle),
        RolloutScenario(
            "7 replicas, 30% and 10%", replicas: 7, .rolling(surge: "30%", unavailable: "10%"), acts: .image("2"),
            .settle),
        RolloutScenario(
            "3 replicas, 1% and 1%", replicas: 3, .rolling(surge: "1%", unavailable: "1%"), acts: .image("2"), .settle),
        RolloutScenario(
            "3 replicas, 1% fewer, of which nothing is left", replicas: 3, .rolling(surge: 0, unavailable: "1%"),
            acts: .image("2"), .settle),
        RolloutScenario(
            "6 replicas, 3 more", replicas: 6, .rolling(surge: 3, unavailable: 0), acts: .image("2"), .settle),
        RolloutScenario(
            "6 replicas, 1 fewer", replicas: 6, .rolling(surge: 0, unavailable: 1), acts: .image("2"), .settle),
        RolloutScenario(
            "6 replicas, 3 fewer", replicas: 6, .rolling(surge: 0, unavailable: 3), acts: .image("2"), .settle),
        RolloutScenario(
            "6 replicas, all more", replicas: 6, .rolling(surge: "100%", unavailable: 0), acts: .image("2"), .settle),
        RolloutScenario(
            "6 replicas, all fewer", replicas: 6, .rolling(surge: 0, unavailable: "100%"), acts: .image("2"), .settle),
        RolloutScenario(
            "4 replicas, limits beyond all", replicas: 4, .rolling(surge: 20, unavailable: 10), acts: .image("2"),
            .settle),
        RolloutScenario(
            "other limits in the middle", replicas: 8, .rolling(surge: 1, unavailable: 0), acts: .image("2"), .wait(20),
            .change(.rolling(surge: 3, unavailable: 2)), .settle),
        RolloutScenario(
            "three images, one after the other", replicas: 3, acts: .image("2"), .settle, .image("3"), .settle,
            .image("4"), .settle),
        RolloutScenario("no replicas, and then some", replicas: 0, acts: .image("2"), .settle, .scale(3), .settle),
    ]

    static let recreating = [
        RolloutScenario("1 replica, recreated", replicas: 1, .recreate, acts: .image("2"), .settle),
        RolloutScenario("5 replicas, recreated", replicas: 5, .recreate, acts: .image("2"), .settle),
        RolloutScenario("20 replicas, recreated", replicas: 20, .recreate, acts: .image("2"), .settle),
        RolloutScenario(
            "recreated with an image that cannot be pulled, and undone", replicas: 3, .recreate,
            pods: Pods.images("2", fate: Pods.notPulled), acts: .image("2"), .wait(30), .undo(to: 1), .settle),
        RolloutScenario(
            "another image while the old pods go", replicas: 4, .recreate, acts: .image("2"), .wait(1), .image("3"),
            .settle),
        RolloutScenario(
            "scaled while the old pods go", replicas: 4, .recreate, acts: .image("2"), .wait(1), .scale(6), .settle),
        RolloutScenario(
            "scaled while the new pods come", replicas: 4, .recreate, acts: .image("2"), .wait(10), .scale(6), .settle,
            .scale(2), .settle),
        RolloutScenario(
            "recreated after a pause", replicas: 3, .recreate, acts: .pause, .image("2"), .scale(4), .wait(50), .resume,
            .settle),
        RolloutScenario(
            "rolled, and then recreated", replicas: 4,
            acts: .image("2"), .wait(15), .change(["strategy": ["type": "Recreate", "rollingUpdate": .null]]), .settle,
            .image("3"), .settle),
    ]

    static let failing = [
        RolloutScenario(
            "an image that cannot be pulled, undone", replicas: 4, pods: Pods.images("2", fate: Pods.notPulled),
            acts: .image("2"), .wait(60), .undo(to: 1), .settle),
        RolloutScenario(
            "an image that cannot be pulled, and one that can", replicas: 10,
            pods: Pods.images("2", fate: Pods.notPulled),
            acts: .image("2"), .wait(30), .image("3"), .settle),
        RolloutScenario(
            "images that cannot be pulled, one after the other", replicas: 10,
            pods: Pods.images("2", "3", fate: Pods.notPulled),
            acts: .image("2"), .wait(30), .image("3"), .wait(30), .image("4"), .settle),
        RolloutScenario(
            "a first image that cannot be pulled", replicas: 5, pods: Pods.images("1", fate: Pods.notPulled),
            acts: .wait(20), .image("2"), .settle),
        RolloutScenario(
            "an image that can be pulled at the third try", replicas: 4, pods: Pods.images("2", fate: Pods.pulledLate),
            acts: .image("2"), .settle),
        RolloutScenario(
            "pods that crash before they are ready, undone", replicas: 6, pods: Pods.images("2", fate: Pods.crashing),
            acts: .image("2"), .wait(60), .undo(to: 1), .settle),
        RolloutScenario(
            "pods that crash when they have been ready", replicas: 4, pods: Pods.images("2", fate: Pods.crashingLate),
            acts: .image("2"), .wait(60), .undo(to: 1), .settle),
        RolloutScenario(
            "pods that crash once", replicas: 5, pods: Pods.images("2", fate: Pods.crashingOnce), acts: .image("2"),
            .settle,
            .wait(100)),
        RolloutScenario(
            "old pods that crash once", replicas: 6, pods: Pods.images("1", fate: Pods.crashingOnce),
            acts: .image("2"), .settle),
        RolloutScenario(
            "pods that are ready by turns", replicas: 4, pods: Pods.images("2", fate: Pods.flipping), acts: .image("2"),
            .settle, .wait(100)),
        RolloutScenario(
            "pods that never get ready, replaced", replicas: 10, pods: Pods.images("2", fate: Pods.neverReady),
            acts: .image("2"), .wait(20), .image("3"), .settle),
        RolloutScenario(
            "pods that never get ready, half of all", replicas: 8, .rolling(surge: 0, unavailable: "50%"),
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .wait(20), .undo(to: 1), .settle),
        RolloutScenario(
            "pods without a node, undone", replicas: 4, pods: Pods.images("2", fate: Pods.noNode), acts: .image("2"),
            .wait(20), .undo(to: 1), .settle),
        RolloutScenario(
            "pods that get a node late", replicas: 4, pods: Pods.images("2", fate: Pods.nodeLater), acts: .image("2"),
            .settle),
        RolloutScenario(
            "a pod deleted by hand in the middle", replicas: 4, acts: .image("2"), .wait(12), .deletePod(ofRevision: 1),
            .settle),
    ]

    static let interrupted = [
        RolloutScenario(
            "paused in the middle and resumed", replicas: 6, acts: .image("2"), .wait(20), .pause, .wait(30), .resume,
            .settle),
        RolloutScenario(
            "another image while paused", replicas: 4, acts: .pause, .image("2"), .wait(5), .resume, .settle),
        RolloutScenario(
            "two images while paused", replicas: 4, acts: .pause, .image("2"), .image("3"), .resume, .settle),
        RolloutScenario(
            "scaled while paused", replicas: 4, acts: .pause, .scale(6), .settle, .image("2"), .resume, .settle),
        RolloutScenario(
            "paused in the middle, scaled up and down", replicas: 8, acts: .image("2"), .wait(20), .pause, .wait(40),
            .scale(12), .wait(45), .scale(5), .wait(5), .resume, .settle),
        RolloutScenario(
            "paused in the middle, and another image", replicas: 6, acts: .image("2"), .wait(20), .pause, .wait(40),
            .image("3"), .resume, .settle),
        RolloutScenario(
            "undone", replicas: 4, acts: .image("2"), .settle, .undo(to: 1), .settle),
        RolloutScenario(
            "undone to an older revision, and again", replicas: 3,
            acts: .image("2"), .settle, .image("3"), .settle, .undo(to: 1), .settle, .undo(to: 3), .settle),
        RolloutScenario(
            "undone in the middle", replicas: 6, .rolling(surge: 1, unavailable: 0), acts: .image("2"), .wait(40),
            .undo(to: 1), .settle),
        RolloutScenario(
            "undone while paused", replicas: 6, .rolling(surge: 1, unavailable: 0), acts: .image("2"), .wait(40),
            .pause, .undo(to: 1), .wait(40), .resume, .settle),
        RolloutScenario(
            "two images in a row", replicas: 5, pods: Pods.images("2", fate: Pods.neverReady),
            acts: .image("2"), .image("3"), .settle),
        RolloutScenario(
            "three images in a row", replicas: 8, pods: Pods.images("2", "3", fate: Pods.neverReady),
            acts: .image("2"), .image("3"), .image("4"), .settle),
        RolloutScenario(
            "an image and back in a row", replicas: 4, pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"),
            .undo(to: 1), .settle),
        RolloutScenario(
            "another image in the middle", replicas: 6, .rolling(surge: 1, unavailable: 0), acts: .image("2"),
            .wait(40), .image("3"), .settle),
        RolloutScenario("scaled", replicas: 3, acts: .scale(7), .settle, .scale(2), .settle, .scale(0), .settle),
        RolloutScenario("scaled up in the middle", replicas: 6, acts: .image("2"), .wait(20), .scale(10), .settle),
        RolloutScenario(
            "scaled down in the middle", replicas: 10, pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"),
            .wait(20), .scale(5), .wait(20), .image("3"), .settle),
        RolloutScenario(
            "scaled up while stuck", replicas: 10, .rolling(surge: 3, unavailable: 2),
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .wait(20), .scale(15), .wait(60),
            .scale(11),
            .wait(10), .undo(to: 1), .settle),
        RolloutScenario(
            "scaled with three ReplicaSets", replicas: 12, .rolling(surge: 4, unavailable: 3),
            pods: Pods.images("2", "3", fate: Pods.neverReady), acts: .image("2"), .wait(20), .image("3"), .wait(20),
            .scale(20),
            .wait(60), .scale(9), .wait(10), .image("4"), .settle),
        RolloutScenario(
            "scaled to nothing in the middle, and up again", replicas: 4, acts: .image("2"), .wait(15), .scale(0),
            .settle, .scale(4), .settle),
    ]

    static let keeping = [
        RolloutScenario(
            "no old ReplicaSets are kept", replicas: 2, ["revisionHistoryLimit": 0], acts: .image("2"), .settle,
            .image("3"), .settle),
        RolloutScenario(
            "one old ReplicaSet is kept", replicas: 1, ["revisionHistoryLimit": 1], acts: .image("2"), .settle,
            .image("3"), .settle, .image("4"), .settle, .undo(to: 3), .settle),
        RolloutScenario(
            "fewer old ReplicaSets are kept from now on", replicas: 1, acts: .image("2"), .settle, .image("3"), .settle,
            .image("4"), .settle, .change(["revisionHistoryLimit": 1]), .settle),
        RolloutScenario(
            "old ReplicaSets that are kept while the rollout is stuck", replicas: 2, ["revisionHistoryLimit": 0],
            pods: Pods.images("3", "4", fate: Pods.neverReady), acts: .image("2"), .settle, .image("3"), .wait(10),
            .image("4"),
            .wait(10), .image("5"), .settle),
        RolloutScenario(
            "old ReplicaSets that go while paused", replicas: 1, acts: .image("2"), .settle, .image("3"), .settle,
            .pause, .change(["revisionHistoryLimit": 0]), .settle, .resume, .settle),
    ]

    static let timed = [
        RolloutScenario(
            "ready for 6 seconds", replicas: 1, ["minReadySeconds": 6], pods: Pods.quick, acts: .image("2"), .settle,
            .undo(to: 1), .settle),
        RolloutScenario(
            "ready for 6 seconds, one fewer", replicas: 2,
            .rolling(surge: 0, unavailable: 1).with("minReadySeconds", 6), pods: Pods.quick, acts: .image("2"), .settle),
        RolloutScenario(
            "to be ready for longer from now on", replicas: 1, pods: Pods.quick,
            acts: .change(["minReadySeconds": 8]), .settle, .image("2"), .settle),
        RolloutScenario(
            "not ready for long enough", replicas: 1, ["minReadySeconds": 12],
            pods: Pods.images("2", fate: Pods.crashingSoon, others: Pods.quick), acts: .image("2"), .wait(40),
            .undo(to: 1), .settle),
        RolloutScenario(
            "the deadline is exceeded", replicas: 3, ["progressDeadlineSeconds": 15],
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .settle),
        RolloutScenario(
            "the deadline is exceeded, undone", replicas: 4, ["progressDeadlineSeconds": 15],
            pods: Pods.images("2", fate: Pods.notPulled), acts: .image("2"), .settle, .undo(to: 1), .settle),
        RolloutScenario(
            "the deadline is exceeded, and another image", replicas: 4, ["progressDeadlineSeconds": 15],
            pods: Pods.images("2", fate: Pods.crashing), acts: .image("2"), .settle, .image("3"), .settle),
        RolloutScenario(
            "the deadline is exceeded, recreated", replicas: 2,
            ["progressDeadlineSeconds": 15].merging(.recreate) { $1 },
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .settle, .undo(to: 1), .settle),
        RolloutScenario(
            "the deadline is exceeded, paused and resumed", replicas: 4, ["progressDeadlineSeconds": 15],
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .settle, .pause, .wait(5), .resume,
            .wait(5),
            .undo(to: 1), .settle),
        RolloutScenario(
            "a pause does not count for the deadline", replicas: 4, ["progressDeadlineSeconds": 15],
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .wait(5), .pause, .wait(30), .resume,
            .settle),
        RolloutScenario(
            "no deadline", replicas: 3, ["progressDeadlineSeconds": 2_147_483_647],
            pods: Pods.images("2", fate: Pods.neverReady), acts: .image("2"), .wait(60), .undo(to: 1), .settle),
        RolloutScenario(
            "ready at last, after the deadline", replicas: 2, ["progressDeadlineSeconds": 15],
            pods: Pods.images("2", fate: Pods.readyAtLast), acts: .image("2"), .settle),
    ]
}
