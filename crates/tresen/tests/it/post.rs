//! A mail server of a few lines, which takes everything and keeps it.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct PostOffice {
    pub port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let office = PostOffice {
            port: listener.local_addr().unwrap().port(),
            mails: Arc::default(),
        };
        let mails = office.mails.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(talk(line, mails.clone()));
            }
        });
        office
    }

    /// Everything that came.
    pub fn all(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    /// The first link to `start` in a mail to this address; waits for the mail.
    pub async fn link(&self, to: &str, start: &str) -> String {
        let looking = async {
            loop {
                let mails = self.mails.lock().unwrap().clone();
                let found = mails
                    .iter()
                    .rev()
                    .filter(|mail| {
                        mail.contains(&format!("To: {to}")) || mail.contains(&format!("<{to}>"))
                    })
                    .find_map(|mail| link_in(mail, start));
                match found {
                    Some(link) => return link,
                    None => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), looking)
            .await
            .unwrap_or_else(|_| panic!("no mail to {to} with {start}: {:?}", self.mails))
    }
}

fn link_in(mail: &str, start: &str) -> Option<String> {
    let (_, rest) = mail.split_once(start)?;
    let end = rest.find(|c: char| c.is_whitespace() || c == '"' || c == '<')?;
    let path = start.find("://").map_or(0, |at| at + 3);
    let path = path + start[path..].find('/')?;
    Some(format!("{}{}", &start[path..], &rest[..end]))
}

async fn talk(mut line: TcpStream, mails: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let (read, mut write) = line.split();
    let mut read = BufReader::new(read);
    write.write_all(b"220 post ESMTP\r\n").await.ok()?;
    loop {
        let mut said = String::new();
        if read.read_line(&mut said).await.ok()? == 0 {
            return None;
        }
        let answer: &[u8] = match said.split_whitespace().next()?.to_uppercase().as_str() {
            "EHLO" => b"250-post\r\n250 AUTH PLAIN LOGIN\r\n",
            "AUTH" => b"235 good\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    read.read_line(&mut mail).await.ok()?;
                }
                mails.lock().unwrap().push(readable(&mail));
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 good\r\n",
        };
        write.write_all(answer).await.ok()?;
    }
}

/// Lines put together again, as far as links need it.
fn readable(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}
