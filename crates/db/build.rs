//! Release builds embed the migrations; cargo does not see new files in a folder by itself.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=../../migrations");
    }
}
