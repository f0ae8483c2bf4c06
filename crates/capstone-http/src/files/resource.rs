//! A file and its precompressed twins, as they were found.

use std::time::SystemTime;

use jail::{Dir, Error, Found};

use crate::files::encoding::{self, Coding};
use crate::files::representation::Representation;
use crate::files::{Facts, Rules};
use crate::message::Fields;

/// What a path leads to: the file itself first, then those of its twins that exist.
#[derive(Debug)]
pub struct Resource {
    /// For the jail.
    name: Vec<u8>,
    forms: Vec<Representation>,
}

impl Resource {
    /// Looks at the file of this name and at its twins. What is still as it was `before` is not
    /// opened again.
    pub(super) fn find(
        jail: &Dir,
        name: Vec<u8>,
        before: Option<Self>,
        (rules, now): (&Rules, SystemTime),
    ) -> jail::Result<Self> {
        let mut found = Vec::with_capacity(1);
        found.push((Coding::Identity, ordinary(jail.find(&name)?)?));
        for coding in Coding::TWINS {
            let twin = [&name, coding.suffix().as_bytes()].concat();
            // A twin that cannot be had is none: the file itself is answer enough.
            if let Ok(twin) = jail.find(&twin).and_then(ordinary) {
                found.push((coding, twin));
            }
        }
        let varies = found.len() > 1;
        let mut known = before.filter(|before| before.name == name && before.varies() == varies);
        let mut forms = Vec::with_capacity(found.len());
        for (coding, at) in found {
            let facts = Facts::of(at.metadata());
            let same = |form: &Representation| form.coding == coding && form.facts == facts;
            let known = known.as_mut().and_then(|known| {
                let place = known.forms.iter().position(same)?;
                Some(known.forms.swap_remove(place))
            });
            if let Some(known) = known {
                forms.push(known);
                continue;
            }
            match at.open() {
                Ok(file) => forms.push(Representation::new(
                    (file, facts),
                    (coding, varies),
                    &name,
                    (rules, now),
                )),
                Err(error) if coding == Coding::Identity => return Err(error),
                Err(_) => {}
            }
        }
        Ok(Self { name, forms })
    }

    /// A page that was made here.
    pub(super) fn page(page: Vec<u8>, rules: &Rules) -> Self {
        Self { name: Vec::new(), forms: vec![Representation::page(page, rules)] }
    }

    /// The file as it is.
    pub(super) fn itself(&self) -> &Representation {
        &self.forms[0]
    }

    /// The form that this client likes best.
    pub(super) fn form(&self, fields: &Fields<'_>) -> &Representation {
        let itself = self.itself();
        if self.forms.len() == 1 {
            return itself;
        }
        let available = self.forms.iter().map(|form| (form.coding, form.facts.size));
        let coding = encoding::choose(fields, available);
        self.forms.iter().find(|form| form.coding == coding).unwrap_or(itself)
    }

    fn varies(&self) -> bool {
        self.forms.len() > 1
    }

    /// Open descriptors.
    pub(super) fn files(&self) -> usize {
        self.forms.iter().map(Representation::files).sum()
    }

    /// Bytes of memory, about.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.name.len()
            + self.forms.iter().map(Representation::bytes).sum::<usize>()
    }
}

fn ordinary(found: Found) -> jail::Result<Found> {
    match found.metadata() {
        it if it.is_file() => Ok(found),
        it if it.is_dir() => Err(Error::Folder),
        _ => Err(Error::NotOrdinary),
    }
}
