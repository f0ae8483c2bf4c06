//! What holds for every recording, tried on those that chance makes.

use super::chance::Chance;
use super::world::World;
use crate::record::{Recording, difference};

const ONE: World = World {
    pids: [4100, 4101, 4107, 4108, 4109],
    ports: [40_001, 51_234, 60_999],
    inodes: [7_795_821, 7_795_822, 7_795_830],
    randoms: ["k3mRwd", "aaaaaa"],
    root: "/home/ann/nine-days",
};

/// Other numbers in another order, of another length.
const OTHER: World = World {
    pids: [4_194_301, 4_194_302, 31_234, 31_233, 1002],
    ports: [33_999, 33_998, 45_000],
    inodes: [123_456, 123_450, 123_459],
    randoms: ["Zz09aA", "000000"],
    root: "/w",
};

const SEEDS: u64 = 400;

fn normalised(mut recording: Recording, world: &World) -> Recording {
    recording.normalise(&world.surroundings());
    recording
}

#[test]
fn what_is_written_is_read() {
    for seed in 0..SEEDS {
        let recording = Chance::new(seed, &ONE).recording();
        let mut file = Vec::new();
        recording.write(&mut file).unwrap();
        assert_eq!(Recording::read(&file[..]).unwrap(), recording, "seed {seed}");
        // One step per line, whatever is in it.
        let text = String::from_utf8(file).unwrap();
        let steps = text.split_once("\n\"steps\":[\n").unwrap().1.split_once("\n],\n").unwrap().0;
        assert_eq!(steps.lines().count(), recording.steps.len(), "seed {seed}");
        assert!(steps.lines().all(|line| line.starts_with("{\"")), "seed {seed}");
    }
}

#[test]
fn normalising_twice_changes_nothing() {
    for seed in 0..SEEDS {
        for world in [&ONE, &OTHER] {
            let once = normalised(Chance::new(seed, world).recording(), world);
            assert_eq!(normalised(once.clone(), world), once, "seed {seed}");
            let mut file = Vec::new();
            once.write(&mut file).unwrap();
            assert_eq!(Recording::read(&file[..]).unwrap(), once, "seed {seed}");
        }
    }
}

#[test]
fn a_run_is_the_same_in_every_world() {
    for seed in 0..SEEDS {
        let [one, other] =
            [&ONE, &OTHER].map(|world| normalised(Chance::new(seed, world).recording(), world));
        for (one, other) in one.steps.iter().zip(&other.steps) {
            assert_eq!(one, other, "seed {seed}");
        }
        assert_eq!(one, other, "seed {seed}");
        assert_eq!(difference(&one, &other), None);
    }
}
