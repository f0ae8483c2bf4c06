//! From the arguments to a program that can be traced.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use cli::Outcome;

use crate::args::Run;
use crate::feed::{Input, Plan};

/// What to run: looked at before anything is started, so that what is wrong is one sentence.
pub(crate) fn plan(run: &Run) -> Outcome<Plan> {
    let program = locate(run);
    let shown = program.display();
    let about = fs::metadata(&program).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound if is_name(&run.program) => {
            let example = run.example.as_ref().map(|name| format!(" --example {name}"));
            let (name, example) = (run.program.display(), example.unwrap_or_default());
            format!("{shown} is not there (is {name} a package? cargo build -p {name}{example})")
        }
        _ => format!("{shown}: {e}"),
    })?;
    if !about.is_file() || about.permissions().mode() & 0o111 == 0 {
        return Err(format!("{shown} is no program").into());
    }
    if fs::File::open(&program).is_ok_and(is_script) {
        return Err(format!("{shown} is a script: only compiled programs go on the stage").into());
    }
    trace::check(&program)?;
    let mut roots = run.roots.clone();
    if roots.is_empty() {
        roots.push(root(run, &program));
    }
    for root in &mut roots {
        *root = fs::canonicalize(&*root).map_err(|e| format!("{}: {e}", root.display()))?;
    }
    let input = run.input.clone().map_or(Input::Nothing, Input::File);
    Ok(Plan { program, args: run.args.clone(), roots, input })
}

/// A bare name is a package of the workspace; its programs lie where this one does.
fn locate(run: &Run) -> PathBuf {
    if !is_name(&run.program) {
        return run.program.clone();
    }
    let built = std::env::current_exe().ok();
    let built = built.as_deref().and_then(Path::parent).unwrap_or(Path::new("target/debug"));
    match &run.example {
        Some(example) => built.join("examples").join(example),
        None => built.join(&run.program),
    }
}

/// execve(2), interpreter scripts.
fn is_script(mut file: fs::File) -> bool {
    let mut mark = [0; 2];
    file.read_exact(&mut mark).is_ok_and(|()| mark == *b"#!")
}

fn is_name(program: &Path) -> bool {
    program.components().count() == 1 && !program.is_absolute() && program != Path::new(".")
}

/// Without --root, the source of the package that the program is named after; else everything
/// below the current folder.
fn root(run: &Run, program: &Path) -> PathBuf {
    let name =
        if is_name(&run.program) { Some(run.program.as_os_str()) } else { program.file_name() };
    let package = name.map(|name| workspace().join("crates").join(name));
    package.filter(|folder| folder.is_dir()).unwrap_or_else(|| ".".into())
}

/// The folder of the workspace: two above this crate.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."))
}

/// What is on the stage, as people call it.
pub(crate) fn title(plan: &Plan) -> String {
    let name = plan.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let args = plan.args.iter().map(|arg| arg.to_string_lossy().into_owned());
    crate::lens::clean(&std::iter::once(name).chain(args).collect::<Vec<_>>().join(" "))
}

/// Why nothing but births and ends was seen of a program: its code was compiled without line
/// tables (those of std are there all the same), or lies elsewhere.
pub(crate) fn no_source(roots: &[PathBuf]) -> String {
    let roots: Vec<_> = roots.iter().map(|root| root.display().to_string()).collect();
    crate::lens::clean(&format!(
        "no call came from source below {}: was the program built without debug info (debug = 0), \
         or does its source lie elsewhere (--root)?",
        roots.join(", ")
    ))
}
