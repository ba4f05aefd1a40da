//! Merkle trees as Certificate Transparency has them (RFC 6962 §2.1, the same in RFC 9162 §2.1), by `ct-merkle`: what
//! this crate publishes can be checked by anybody's program for such logs.
//!
//! Leaf hashes are SHA-256 over a zero byte and the leaf, inner ones over a one byte and both halves; proofs are lists of
//! hashes from the leaf's neighbour up.

pub mod stored;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// A tree that only grows, in memory: about 64 bytes a leaf besides the leaf.
#[derive(Debug, Clone)]
pub struct Tree<T: AsRef<[u8]>>(MemoryBackedTree<Sha256, T>);

impl<T: AsRef<[u8]>> Default for Tree<T> {
    fn default() -> Self {
        Self(MemoryBackedTree::new())
    }
}

impl<T: AsRef<[u8]>> FromIterator<T> for Tree<T> {
    fn from_iter<I: IntoIterator<Item = T>>(leaves: I) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

impl<T: AsRef<[u8]>> Tree<T> {
    /// Adds a leaf at the end.
    pub fn push(&mut self, leaf: T) {
        self.0.push(leaf);
    }

    /// How many leaves there are.
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The leaves.
    pub fn leaves(&self) -> &[T] {
        self.0.items()
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Hash {
        (*self.0.root().as_bytes()).into()
    }

    /// The proof that leaf `index` is in the tree; `None` when there is none so far back.
    pub fn inclusion(&self, index: u64) -> Option<Vec<Hash>> {
        let index = usize::try_from(index).ok().filter(|index| (*index as u64) < self.len())?;
        Some(hashes(self.0.prove_inclusion(index).as_bytes()))
    }

    /// The proof that the tree goes on from its first `size` leaves; `None` unless `size` is 1 to [`len`](Self::len).
    pub fn consistency(&self, size: u64) -> Option<Vec<Hash>> {
        let added = self.len().checked_sub(size).filter(|_| size > 0)?;
        Some(hashes(self.0.prove_consistency(usize::try_from(added).ok()?).as_bytes()))
    }
}

/// Whether `leaf` is leaf `index` of the tree of `size` leaves with this root.
pub fn is_included(leaf: &[u8], index: u64, size: u64, root: Hash, proof: &[Hash]) -> bool {
    let root = RootHash::<Sha256>::new(root.into(), size);
    InclusionProof::try_from_bytes(proof.concat())
        .is_ok_and(|proof| root.verify_inclusion(&leaf, index, &proof).is_ok())
}

/// Whether the tree of `new` goes on from that of `old`; both are size and root.
pub fn is_consistent(old: (u64, Hash), new: (u64, Hash), proof: &[Hash]) -> bool {
    let [old, new] = [old, new].map(|(size, root)| RootHash::<Sha256>::new(root.into(), size));
    ConsistencyProof::try_from_bytes(proof.concat())
        .is_ok_and(|proof| new.verify_consistency(&old, &proof).is_ok())
}

/// SHA-256 of several pieces.
pub fn sha256(pieces: &[&[u8]]) -> Hash {
    pieces.iter().fold(Sha256::new(), |hash, piece| hash.chain_update(piece)).finalize().into()
}

fn hashes(proof: &[u8]) -> Vec<Hash> {
    proof.chunks_exact(32).filter_map(|hash| hash.try_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;

    fn leaf(n: u64) -> Vec<u8> {
        n.to_be_bytes().to_vec()
    }

    /// The roots that RFC 6962's reference implementation has for its eight test leaves.
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let tree: Tree<Vec<u8>> = leaves.iter().map(|hex| HEXLOWER.decode(hex.as_bytes()).unwrap()).collect();
        assert_eq!(
            HEXLOWER.encode(&tree.root()),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
        let empty = Tree::<Vec<u8>>::default().root();
        assert_eq!(
            HEXLOWER.encode(&empty),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    proptest! {
        #[test]
        fn every_proof_holds_for_its_leaf_alone(size in 1u64..70, index in 0u64..70, other in 0u64..70) {
            let tree: Tree<Vec<u8>> = (0..size).map(leaf).collect();
            let Some(proof) = tree.inclusion(index) else {
                prop_assert!(index >= size);
                return Ok(());
            };
            prop_assert!(is_included(&leaf(index), index, size, tree.root(), &proof));
            prop_assert_eq!(is_included(&leaf(other), index, size, tree.root(), &proof), other == index);
            prop_assert!(!is_included(&leaf(index), index, size, sha256(&[]), &proof) );
        }

        #[test]
        fn a_tree_is_consistent_with_its_beginnings_alone(size in 1u64..70, old in 0u64..72, changed in 0u64..70) {
            let tree: Tree<Vec<u8>> = (0..size).map(leaf).collect();
            let Some(proof) = tree.consistency(old) else {
                prop_assert!(old == 0 || old > size);
                return Ok(());
            };
            let begun: Tree<Vec<u8>> = (0..old).map(leaf).collect();
            prop_assert!(is_consistent((old, begun.root()), (size, tree.root()), &proof));
            let other: Tree<Vec<u8>> = (0..old).map(|n| leaf(n + 1000 * u64::from(n == changed))).collect();
            prop_assert_eq!(is_consistent((old, other.root()), (size, tree.root()), &proof), changed >= old);
        }
    }
}
