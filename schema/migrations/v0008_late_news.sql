-- What is told of a rollout's pods only after its end speaks of it too, which was otherwise before: rollouts and states
-- are folded anew.
DELETE FROM rollout;
