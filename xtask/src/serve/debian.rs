//! Debian's packages, installed where this process is root on Debian.

use std::fmt;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use super::complaint::complaint;
use crate::process;
use crate::progress::step;

/// Two installations at once would wait for each other, in the dark.
static TURN: Mutex<()> = Mutex::new(());

/// Why a package is not there.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// It can't be installed on this machine.
    Unavailable(String),
    /// It can, and that went wrong.
    Failed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Unavailable(reason) | Self::Failed(reason)) = self;
        f.write_str(reason)
    }
}

impl std::error::Error for Error {}

/// Installs what is missing.
pub fn install(packages: &[&str]) -> Result<(), Error> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) {
        return Err(Error::Unavailable(format!(
            "it comes as packages of Debian, and this is {}",
            system(&release)
        )));
    }
    let missing = missing.join(" ");
    if !nix::unistd::geteuid().is_root() {
        return Err(Error::Unavailable(format!(
            "packages are missing; install them with: sudo apt-get install --no-install-recommends {missing}"
        )));
    }
    step(&format!("apt-get install {missing}"), || apt(&missing)).map_err(|error| {
        let other = |error: anyhow::Error| Error::Failed(error.to_string());
        error.downcast().unwrap_or_else(other)
    })
}

fn apt(missing: &str) -> Result<()> {
    let install = || {
        let mut command = apt_get();
        command
            .args(["install", "-y", "--no-install-recommends"])
            .args(missing.split(' '));
        process::run(command)
    };
    let first = install()?;
    if first.succeeded {
        return Ok(());
    }
    if first.text.contains("dpkg --configure -a") {
        // An earlier installation was interrupted.
        let mut command = Command::new("dpkg");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["--configure", "-a"]);
        process::run(command)?;
    }
    // No package lists yet, or old ones.
    let mut update = apt_get();
    update.arg("update");
    process::run(update)?;
    let second = install()?;
    if second.succeeded {
        Ok(())
    } else {
        Err(refusal(&second.text).into())
    }
}

/// What is like Debian may lack a package of it.
fn refusal(text: &str) -> Error {
    let reason = format!("apt-get says: {}", complaint(text, "E: "));
    let lacks = ["Unable to locate package", "has no installation candidate"];
    if lacks.iter().any(|words| reason.contains(words)) {
        Error::Unavailable(reason)
    } else {
        Error::Failed(reason)
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    // Somebody else's apt-get may be at work.
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=120"]);
    command
}

fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let mut command = Command::new("dpkg-query");
    command
        .args([
            "--show",
            "--showformat",
            "${Package} ${db:Status-Status}\\n",
        ])
        .args(packages);
    // Without dpkg all are missing; unknown packages make it fail and are absent from what it prints.
    let known = process::run(command)
        .map(|finished| finished.text)
        .unwrap_or_default();
    not_installed(packages, &known)
}

fn not_installed<'a>(packages: &[&'a str], known: &str) -> Vec<&'a str> {
    let is_installed = |package: &str| {
        known
            .lines()
            .any(|line| line.strip_prefix(package) == Some(" installed"))
    };
    packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect()
}

/// A member of os-release, without its quotes.
fn member<'a>(release: &'a str, name: &str) -> Option<&'a str> {
    let value = release
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    Some(value.trim_matches(['"', '\'']))
}

fn is_debian(release: &str) -> bool {
    let of = |name| member(release, name).unwrap_or_default().split(' ');
    of("ID").chain(of("ID_LIKE")).any(|id| id == "debian")
}

fn system(release: &str) -> &str {
    member(release, "PRETTY_NAME").unwrap_or(std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_count() {
        let known = "puma installed\nruby-rails config-files\nruby-sqlite3-ruby installed\n\
                     dpkg-query: no packages found matching ruby-doorkeeper\n";
        assert_eq!(
            not_installed(
                &["puma", "ruby-rails", "ruby-sqlite3", "ruby-doorkeeper"],
                known
            ),
            ["ruby-rails", "ruby-sqlite3", "ruby-doorkeeper"]
        );
        assert_eq!(not_installed(&["puma"], ""), ["puma"]);
    }

    #[test]
    fn a_package_that_is_unknown_is_told_from_one_that_does_not_come() {
        let unknown = "Reading package lists...\nE: Unable to locate package firefox-esr\n";
        assert_eq!(
            refusal(unknown),
            Error::Unavailable("apt-get says: Unable to locate package firefox-esr".to_owned())
        );
        let unreachable = "E: Failed to fetch http://localhost/xvfb.deb  Unable to connect\n";
        assert!(matches!(refusal(unreachable), Error::Failed(_)));
        assert_eq!(refusal("").to_string(), "apt-get says: nothing");
    }

    #[test]
    fn debian_and_what_is_like_it() {
        assert!(is_debian(
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"
        ));
        assert!(is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\n"));
        assert!(!is_debian("ID=alpine\nVERSION_ID=debian\n"));
        assert!(!is_debian(""));
    }

    #[test]
    fn a_system_has_a_name() {
        assert_eq!(
            system("ID=fedora\nPRETTY_NAME=\"Fedora Linux 42\"\n"),
            "Fedora Linux 42"
        );
        assert_eq!(system(""), std::env::consts::OS);
    }
}
