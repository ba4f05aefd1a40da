//! A tree that only grows, with its hashes in a file: in memory are as many as the number of leaves has binary digits.
//!
//! A hash is written once, when all leaves below it are there: a leaf's, then those of the subtrees that it completes. So
//! the file is the tree in post-order, and where a subtree's hash stands follows from its place alone (Crosby and Wallach,
//! "Efficient Data Structures for Tamper-Evident Logging", 2009). Roots and proofs of every earlier size are composed of
//! those, as RFC 6962 §2.1 defines them.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use super::{Hash, sha256};

/// The tree.
#[derive(Debug)]
pub struct StoredTree {
    file: File,
    len: u64,
    /// Hashes of the complete subtrees that it consists of, the largest first.
    peaks: Vec<Hash>,
}

/// How many hashes there are of so many leaves, subtrees that are not complete left out.
fn hashes_of(leaves: u64) -> u64 {
    2 * leaves - u64::from(leaves.count_ones())
}

impl StoredTree {
    /// An empty tree in a new file; what was in it is gone.
    ///
    /// # Errors
    /// When the file, or the folder it is in, cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(path)?;
        Ok(Self { file, len: 0, peaks: Vec::new() })
    }

    /// Adds leaves at the end.
    ///
    /// # Errors
    /// When the file cannot be written; the tree stays as it was.
    pub fn extend<'a>(&mut self, leaves: impl IntoIterator<Item = &'a [u8]>) -> io::Result<()> {
        let (mut len, mut peaks, mut written) = (self.len, self.peaks.clone(), Vec::new());
        for leaf in leaves {
            let mut hash = sha256(&[&[0], leaf]);
            written.extend_from_slice(&hash);
            let mut complete = len;
            while complete & 1 == 1
                && let Some(left) = peaks.pop()
            {
                hash = sha256(&[&[1], &left, &hash]);
                written.extend_from_slice(&hash);
                complete >>= 1;
            }
            peaks.push(hash);
            len += 1;
        }
        self.file.write_all_at(&written, hashes_of(self.len) * 32)?;
        (self.len, self.peaks) = (len, peaks);
        Ok(())
    }

    /// How many leaves there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let last = peaks.next().unwrap_or_else(|| sha256(&[]));
        peaks.fold(last, |right, left| sha256(&[&[1], &left, &right]))
    }

    /// The root of the first `size` leaves; `None` when there are fewer.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn root_of(&self, size: u64) -> io::Result<Option<Hash>> {
        match size {
            0 => Ok(Some(sha256(&[]))),
            size if size > self.len => Ok(None),
            size => self.hash(0, size).map(Some),
        }
    }

    /// The proof that leaf `index` is among the first `size`; `None` when it is not, or there are fewer.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn inclusion(&self, index: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
        if index >= size || size > self.len {
            return Ok(None);
        }
        let (mut from, mut to, mut path) = (0, size, Vec::new());
        while to - from > 1 {
            let middle = from + left_part(to - from);
            if index < middle {
                path.push(self.hash(middle, to)?);
                to = middle;
            } else {
                path.push(self.hash(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Ok(Some(path))
    }

    /// The proof that the first `size` leaves go on from the first `old`; `None` unless 0 < `old` ≤ `size` ≤
    /// [`len`](Self::len).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn consistency(&self, old: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
        if old == 0 || old > size || size > self.len {
            return Ok(None);
        }
        let (mut from, mut to, mut path) = (0, size, Vec::new());
        while to != old {
            let middle = from + left_part(to - from);
            if old <= middle {
                path.push(self.hash(middle, to)?);
                to = middle;
            } else {
                path.push(self.hash(from, middle)?);
                from = middle;
            }
        }
        // Whoever asks knows the old root; of a part of the old tree she does not know the hash.
        if from > 0 {
            path.push(self.hash(from, to)?);
        }
        path.reverse();
        Ok(Some(path))
    }

    /// The hash of the leaves from `from` up to `to`, which is a subtree of some tree of the first leaves.
    fn hash(&self, from: u64, to: u64) -> io::Result<Hash> {
        let count = to - from;
        if !count.is_power_of_two() {
            let middle = from + left_part(count);
            return Ok(sha256(&[&[1], &self.hash(from, middle)?, &self.hash(middle, to)?]));
        }
        let mut hash = [0; 32];
        let at = hashes_of(to - 1) + u64::from(count.trailing_zeros());
        self.file.read_exact_at(&mut hash, at * 32)?;
        Ok(hash)
    }
}

/// Of more than one leaf, how many are in the left subtree: the largest power of two below.
fn left_part(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Tree;
    use super::*;

    proptest! {
        /// What another implementation of RFC 6962 computes in memory.
        #[test]
        fn roots_and_proofs_of_every_size_are_those_of_a_tree_in_memory(
            parts in prop::collection::vec(0u8..40, 1..6), index in 0u64..80, size in 0u64..200, old in 0u64..200,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let mut stored = StoredTree::create(&dir.path().join("trees").join("room.tree")).unwrap();
            let mut leaves: Vec<Vec<u8>> = Vec::new();
            for part in parts {
                let more: Vec<Vec<u8>> = (0..part).map(|n| vec![n; leaves.len() % 7]).collect();
                stored.extend(more.iter().map(Vec::as_slice)).unwrap();
                leaves.extend(more);
                let whole: Tree<Vec<u8>> = leaves.iter().cloned().collect();
                prop_assert_eq!((stored.len(), stored.root()), (whole.len(), whole.root()));
            }
            let tree: Option<Tree<Vec<u8>>> =
                (size <= leaves.len() as u64).then(|| leaves[..size as usize].iter().cloned().collect());
            prop_assert_eq!(stored.root_of(size).unwrap(), tree.as_ref().map(Tree::root));
            prop_assert_eq!(stored.inclusion(index, size).unwrap(), tree.as_ref().and_then(|tree| tree.inclusion(index)));
            prop_assert_eq!(stored.consistency(old, size).unwrap(), tree.as_ref().and_then(|tree| tree.consistency(old)));
        }
    }
}
