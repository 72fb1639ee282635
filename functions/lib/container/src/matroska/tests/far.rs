//! Few requests for what is far away, and the same told by them.

use super::LIMITS;
use super::sparse_index::{check, cue_points, void};
use crate::SparseIndex;
use crate::matroska::index;
use crate::test_support::{
    Bytes, SMALL, assert_same_at, far, ffmpegs, made_clip, noisy, take_pictures, timeline,
};

/// Of pictures of some 40 KB.
fn large_pictures(options: &str) -> Vec<u8> {
    let video = "testsrc2=size=320x180:rate=30:duration=20,noise=alls=4:allf=t";
    let (_folder, path) = made_clip(
        &ffmpegs()[0],
        "large.mkv",
        [video, SMALL[1]],
        &format!("-map 0:v -c:v ffv1 -g 12 {options}"),
    );
    std::fs::read(path).unwrap()
}

/// How many requests the pictures at these times take, and of how many bytes.
fn cost(file: Vec<u8>, points_ms: &[u64]) -> (u64, u64) {
    let length = file.len();
    let (source, stats) = far(file);
    take_pictures(&source, points_ms);
    let (requests, bytes) = (stats.requests(), stats.bytes());
    eprintln!("{bytes} of {length} in {requests}");
    (requests, bytes)
}

/// Five pictures took 148 requests, of which most brought the header of one block. Those of a cluster lay
/// too far apart to be read together.
#[test]
fn each_block_of_a_large_picture_was_a_request_of_its_own() {
    let file = large_pictures("");
    let length = file.len() as u64;
    let (requests, bytes) = cost(file, &[233, 4186, 8139, 12_093, 16_046]);
    assert!(requests <= 46, "{requests}");
    assert!(bytes * 100 < length * 9, "{bytes} of {length}");
}

/// Each cluster was read in pieces as long as a gap, and its samples were fetched again.
#[test]
fn clusters_of_small_pictures_were_read_in_small_pieces() {
    let (_folder, path) = made_clip(
        &ffmpegs()[0],
        "small.mkv",
        [&noisy(30), SMALL[1]],
        "-map 0:v -c:v libx264 -preset ultrafast -g 50 -bf 2 -b:v 1M",
    );
    let file = std::fs::read(path).unwrap();
    let length = file.len() as u64;
    let (requests, bytes) = cost(file, &[350, 6280, 12_210, 18_140, 24_070]);
    assert!(requests <= 24, "{requests}");
    assert!(bytes < length, "{bytes} of {length}");
}

#[test]
fn clusters_that_are_left_early_tell_what_all_of_them_tell() {
    for options in ["", "-cluster_size_limit 9000000 -cues_to_front 1"] {
        let mut file = large_pictures(options);
        for (nth, point) in cue_points(&file).into_iter().enumerate() {
            if !options.is_empty() && nth % 3 > 0 {
                // What is between has no cue.
                void(&mut file, point);
            }
        }
        let whole = index(&Bytes(file.clone()), LIMITS).unwrap();
        let near = Bytes(file.clone());
        let outline = SparseIndex::read(&near, LIMITS).unwrap();
        assert_eq!(check(&near, &outline, &whole), Ok(44), "{options}");
        let (far, _) = far(file);
        let outline = SparseIndex::read(&*far, LIMITS).unwrap();
        assert_eq!(check(&*far, &outline, &whole), Ok(44), "{options}");
    }
}

#[test]
fn what_is_known_of_a_cluster_stays_known_when_less_of_it_is_asked_for() {
    let file = Bytes(large_pictures("-t 4"));
    let mut outline = SparseIndex::read(&file, LIMITS).unwrap();
    let whole = timeline(&index(&file, LIMITS).unwrap());
    // The second asks for the beginning of the cluster that the first has more of.
    for points in [[1300].as_slice(), &[1190], &[1310]] {
        outline.focus(&file, points).unwrap();
        assert_same_at("clusters", &timeline(&outline.track()), &whole, points);
        assert_same_at("clusters", &timeline(&outline.track()), &whole, &[1300]);
    }
}
