//! Reading and writing at an offset of a file, without moving its cursor: several threads share one open file.

use std::fs::File;
use std::io;

/// Reads from that offset until the room is full or the file ends; how many bytes were read.
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        #[cfg(unix)]
        let bytes = std::os::unix::fs::FileExt::read_at(file, &mut buffer[read..], offset + read as u64);
        #[cfg(windows)]
        let bytes = std::os::windows::fs::FileExt::seek_read(file, &mut buffer[read..], offset + read as u64);
        match bytes {
            Ok(0) => break,
            Ok(bytes) => read += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Writes all of the bytes at that offset.
pub fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        #[cfg(unix)]
        let written = std::os::unix::fs::FileExt::write_at(file, bytes, offset);
        #[cfg(windows)]
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset);
        match written {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(length) => {
                bytes = &bytes[length..];
                offset += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_where_they_were_put() {
        let file = tempfile::tempfile().unwrap();
        write_at(&file, b"sau", 4).unwrap();
        write_at(&file, "trước".as_bytes().get(..4).unwrap(), 0).unwrap();
        let mut room = [0; 16];
        assert_eq!(read_at(&file, &mut room, 2).unwrap(), 5);
        assert_eq!(&room[2..5], b"sau");
        assert_eq!(read_at(&file, &mut room, 7).unwrap(), 0);
    }
}
