//! An authority of the tests' own, and the certificate it gave to `localhost`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell;

/// What TLS needs on this machine, made anew for each run.
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// # Errors
    /// Without `openssl`, which PostgreSQL's packages bring.
    pub fn make() -> Result<Self> {
        let folder = shell::counterparts().join("tls");
        std::fs::create_dir_all(&folder)?;
        let of = |args: &[&str]| {
            let mut openssl = Command::new("openssl");
            openssl.current_dir(&folder).args(args);
            shell::quiet(&mut openssl)
        };
        let key = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-noenc",
        ];
        let authority = [
            "req",
            "-x509",
            "-days",
            "2",
            "-subj",
            "/CN=Authority of the tests",
        ];
        of(&[
            &authority[..],
            &key,
            &["-keyout", "authority.key", "-out", "authority.pem"],
        ]
        .concat())?;
        let server = ["req", "-x509", "-days", "2", "-subj", "/CN=localhost"];
        let by = ["-CA", "authority.pem", "-CAkey", "authority.key"];
        let names = [
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:false",
        ];
        of(&[
            &server[..],
            &key,
            &by,
            &names,
            &["-keyout", "server.key", "-out", "server.pem"],
        ]
        .concat())?;
        Ok(Certificates { folder })
    }

    /// Holds `authority.pem`, `server.pem` and `server.key`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
