//! The course as one way through it: on each day its demos in order, and each exercise as soon as
//! the demos of that day have shown what it is about.

use crate::days::DAYS;
use crate::demo::Demo;
use crate::exercise::Exercise;
use crate::progress::Done;

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    Demo(&'a Demo),
    Exercise(&'a Exercise),
}

impl<'a> Step<'a> {
    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::Demo(demo) => &demo.name,
            Self::Exercise(exercise) => &exercise.name,
        }
    }

    pub(crate) fn title(self) -> &'a str {
        match self {
            Self::Demo(demo) => &demo.title,
            Self::Exercise(exercise) => &exercise.title,
        }
    }

    pub(crate) fn minutes(self) -> u64 {
        match self {
            Self::Demo(demo) => demo.minutes,
            Self::Exercise(exercise) => exercise.minutes,
        }
    }

    pub(crate) fn day(self) -> u64 {
        match self {
            Self::Demo(demo) => demo.day,
            Self::Exercise(exercise) => exercise.day,
        }
    }

    /// A demo was run, an exercise has passed.
    pub(crate) fn is_done(self, done: &Done) -> bool {
        match self {
            Self::Demo(demo) => done.demos.contains(&demo.name),
            Self::Exercise(exercise) => done.of(&exercise.name).passed,
        }
    }

    /// Done, or left behind after a look at the solution.
    pub(crate) fn is_over(self, done: &Done) -> bool {
        self.is_done(done)
            || matches!(self, Self::Exercise(exercise) if done.of(&exercise.name).gave_up)
    }

    /// What to type for it.
    pub(crate) fn command(self) -> String {
        match self {
            Self::Demo(demo) => format!("cargo course demo {}", demo.name),
            Self::Exercise(exercise) => format!("cargo course start {}", exercise.name),
        }
    }
}

/// All of them. Both lists are in course order.
pub(crate) fn all<'a>(demos: &'a [Demo], exercises: &'a [Exercise]) -> Vec<Step<'a>> {
    DAYS.flat_map(|day| {
        let demos: Vec<_> = demos.iter().filter(|demo| demo.day == day).collect();
        let mut steps = Vec::new();
        let mut shown = 0;
        for exercise in exercises.iter().filter(|exercise| exercise.day == day) {
            let until = needed(exercise, &demos).max(shown);
            steps.extend(demos[shown..until].iter().map(|demo| Step::Demo(demo)));
            steps.push(Step::Exercise(exercise));
            shown = until;
        }
        steps.extend(demos[shown..].iter().map(|demo| Step::Demo(demo)));
        steps
    })
    .collect()
}

/// How many demos of its day come before an exercise: up to the first one that shows its last
/// item. All of them where none shows any.
fn needed(exercise: &Exercise, demos: &[&Demo]) -> usize {
    let shows = |item| demos.iter().position(|demo| demo.items.contains(item));
    exercise.items.iter().filter_map(shows).max().map_or(demos.len(), |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo(name: &str, items: &[u64]) -> Demo {
        let items = items.iter().map(|&item| (1, item)).collect();
        Demo { name: name.into(), day: 1, items, ..Demo::default() }
    }

    fn exercise(name: &str, items: &[u64]) -> Exercise {
        let items = items.iter().map(|&item| (1, item)).collect();
        Exercise { name: name.into(), day: 1, items, ..Exercise::default() }
    }

    fn order(exercises: &[Exercise]) -> String {
        let demos = [demo("a", &[1, 2]), demo("b", &[3]), demo("c", &[2, 4])];
        all(&demos, exercises).iter().map(|step| step.name()).collect()
    }

    #[test]
    fn an_exercise_comes_behind_the_demos_that_show_its_items() {
        assert_eq!(order(&[]), "abc");
        assert_eq!(order(&[exercise("X", &[2]), exercise("Y", &[3])]), "aXbYc");
        assert_eq!(order(&[exercise("X", &[4, 1])]), "abcX");
        assert_eq!(order(&[exercise("X", &[9])]), "abcX");
    }

    #[test]
    fn the_order_among_exercises_is_their_own() {
        assert_eq!(order(&[exercise("X", &[3]), exercise("Y", &[1])]), "abXYc");
    }
}
