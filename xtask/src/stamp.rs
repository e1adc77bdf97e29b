//! Whether outputs are still those of their inputs, by content.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub struct Stamp {
    path: PathBuf,
    inputs: u64,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    pub fn new(path: PathBuf, inputs: &[&[u8]], outputs: Vec<PathBuf>) -> Self {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            hasher.write_usize(input.len());
            hasher.write(input);
        }
        Self {
            path,
            inputs: hasher.finish(),
            outputs,
        }
    }

    /// Whether the last `write` saw these inputs, and nobody changed an output since.
    pub fn is_fresh(&self) -> bool {
        match (fs::read_to_string(&self.path), self.line()) {
            (Ok(written), Ok(now)) => written == now,
            _ => false,
        }
    }

    pub fn write(&self) -> Result<()> {
        fs::write(&self.path, self.line()?)
            .with_context(|| format!("{} can't be written", self.path.display()))
    }

    fn line(&self) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        for output in &self.outputs {
            hasher.write(&read(output)?);
        }
        Ok(format!("{:016x} {:016x}\n", self.inputs, hasher.finish()))
    }
}

pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} can't be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_fresh_until_an_input_or_an_output_changes() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("claviger-stamp-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let output = folder.join("output");
        let stamp =
            |inputs: &[&[u8]]| Stamp::new(folder.join("stamp"), inputs, vec![output.clone()]);
        fs::write(&output, "made")?;
        assert!(!stamp(&[b"ab", b"c"]).is_fresh());
        stamp(&[b"ab", b"c"]).write()?;
        assert!(stamp(&[b"ab", b"c"]).is_fresh());
        assert!(!stamp(&[b"a", b"bc"]).is_fresh());
        fs::write(&output, "changed")?;
        assert!(!stamp(&[b"ab", b"c"]).is_fresh());
        fs::remove_dir_all(&folder)?;
        Ok(())
    }
}
