//! A program is run, and its standard output is what it gives. It counts only if the program ends well.

use super::{Drawer, IntakeError, Piece, Sheet};
use crate::plan::{Intake, Program};
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

/// How many of the last lines of standard error are told.
const LINES: usize = 5;

/// How many bytes of a line are.
const LINE: usize = 300;

/// How long a program that is stopped has to be gone.
const GRACE: Duration = Duration::from_secs(5);

/// Runs the program to its end.
pub fn ask(program: &Program, intake: &Intake, drawer: &Drawer) -> Result<Vec<Piece>, IntakeError> {
    let name = || program.name.clone();
    let sheet = drawer.sheet(intake.max_size)?;
    let mut command = Command::new(&program.program);
    command.args(&program.arguments).current_dir(&program.folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that what it starts can be stopped with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command.spawn().map_err(|source| match source.kind() {
        // It may be there all the same, and the program that its first line names is not.
        io::ErrorKind::NotFound if !Path::new(&program.program).is_file() => {
            let is_path = Path::new(&program.program).components().count() > 1;
            IntakeError::NoProgram { name: name(), place: is_path.then(|| program.folder.clone()) }
        }
        _ => IntakeError::Run { name: name(), source },
    })?;
    let group = Group(child.id());
    // Another thread waits, since a pipe that somebody keeps open cannot be read with a time limit.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || attend(child, sheet, &sender));
    let (end, in_time) = match receiver.recv_timeout(intake.timeout) {
        Ok(end) => (Some(end), true),
        Err(_) => {
            group.stop();
            (receiver.recv_timeout(GRACE).ok(), false)
        }
    };
    let said = end.as_ref().map(|end| end.said.clone()).unwrap_or_default();
    let Some(end) = end.filter(|_| in_time) else {
        return Err(IntakeError::TookTooLong { name: name(), seconds: intake.timeout.as_secs(), said });
    };
    let sheet = match end.sheet {
        Ok(sheet) => sheet,
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            return Err(IntakeError::TooMuch { name: name(), limit: intake.max_size });
        }
        Err(source) => return Err(IntakeError::Read { name: name(), source }),
    };
    let status = end.status.map_err(|source| IntakeError::Run { name: name(), source })?;
    if !status.success() {
        return Err(IntakeError::Ended { name: name(), status: status_text(status), said });
    }
    let format = intake.format.map_or("jsonl", |format| format.name());
    Ok(vec![Piece::New { sheet, name: name(), format, note: serde_json::Value::Null }])
}

/// How a program ended.
struct End {
    /// What it wrote.
    sheet: io::Result<Sheet>,
    status: io::Result<ExitStatus>,
    /// The last lines of its standard error.
    said: String,
}

/// Takes what the program writes until it ends, and tells.
fn attend(mut child: Child, mut sheet: Sheet, sender: &Sender<End>) {
    let group = Group(child.id());
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let (lines, said) = mpsc::channel();
    thread::spawn(move || {
        let _ = lines.send(errors.map(last_lines).unwrap_or_default());
    });
    let copied = output.map_or(Ok(0), |mut output| io::copy(&mut output, &mut sheet));
    if copied.is_err() {
        group.stop();
    }
    let status = child.wait();
    // What it started may go on, and hold standard error open.
    let said = said.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    // Whoever asked may have given up.
    let _ = sender.send(End { sheet: copied.map(|_| sheet), status, said });
}

/// The last lines of a text that may be of any length, each on a line of its own, ready to follow a message.
fn last_lines(errors: impl Read) -> String {
    let mut errors = BufReader::new(errors);
    let mut lines: VecDeque<String> = VecDeque::new();
    loop {
        let mut line = Vec::new();
        // What goes on beyond that is taken for a line of its own.
        match errors.by_ref().take(64 * 1024).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        line.truncate(line.len().min(LINE));
        let line: String = String::from_utf8_lossy(&line)
            .trim()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if line.is_empty() {
            continue;
        }
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }
    lines.into_iter().map(|line| format!("\n  | {line}")).collect()
}

fn status_text(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("signal {signal}");
    }
    status.code().map_or_else(|| status.to_string(), |code| format!("exit status {code}"))
}

/// A program and all that it started.
struct Group(u32);

impl Group {
    #[cfg(unix)]
    fn stop(&self) {
        let group = i32::try_from(self.0).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(group) = group {
            // It may be gone by now.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }

    #[cfg(not(unix))]
    fn stop(&self) {
        let _ = Command::new("taskkill").args(["/T", "/F", "/PID", &self.0.to_string()]).output();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_told_in_short() {
        let text =
            (0..9).map(|number| format!("line {number}\r\n\n")).collect::<String>() + &"x".repeat(100_000);
        let told = last_lines(text.as_bytes());
        let lines: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0], "  | line 6");
        assert!(told.len() < 1000 && !told.contains('\r'), "{told}");
    }
}
