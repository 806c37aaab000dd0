//! What newsrooms call the fields of an article beyond the names that the vocabulary knows: in Vietnamese, English and
//! French, as columns and keys are written without accents and spaces. They are proposed, for a person to look at, not
//! understood without being told: `ngay` may be any day.

use super::sample::Record;
use crate::sources::{FILE_FIELD, Fields};
use crate::{slug, vocabulary};
use serde_json::Value;

/// The names of each field, the most telling first.
const NAMES: &[(&str, &str)] = &[
    (
        "title",
        "tieudebaiviet tieude tieudetin tenbaiviet tenbai tentin articletitle posttitle newstitle heading head subject \
         titrearticle titre intitule titulo titel",
    ),
    (
        "url",
        "duongdanbaiviet duongdan duonglink lienket linkbaiviet diachiweb diachi articleurl posturl weburl pageurl \
         shareurl fullurl uri href address web lien adresse enlace",
    ),
    (
        "id",
        "mabaiviet mabai matin idbaiviet idbai idtin ma articleid postid newsid docid contentid identifiant identifier key",
    ),
    (
        "date_published",
        "ngaydangtin ngaydangbai ngaydang ngaygiodang ngayxuatban ngayphathanh thoigiandang thoigianxuatban giodang \
         thoidiemdang ngayduyet thoigian thoidiem ngaytao ngay pubdatetime publicationdate publisheddate publishdatetime \
         publishedon publishedtime publishtime publicationtime dateposted posteddate postdate postedat posted firstpublished \
         releasedate datecreated createddate createdon created datetime timestamp dateline time datedepublication \
         datepublication publiele parution dateparution datecreation creele fecha datum",
    ),
    (
        "date_modified",
        "ngaycapnhat thoigiancapnhat capnhat ngaysua ngaychinhsua moddatetime modifieddate datemod updateddate dateupdated \
         updatedon modifiedon lastupdated lastupdate lastedited datemodification datemiseajour miseajour datemaj",
    ),
    (
        "summary",
        "tomtat motangan mota trichyeu trichdoan loidan chapeau chapo resume extrait accroche standfirst teaser intro \
         introduction dek deck blurb snippet shortdescription metadescription synopsis",
    ),
    (
        "content",
        "noidungbaiviet noidung toanvan thanbai chitiet bodyhtml articlebody articletext fulltext maincontent html text \
         contenu corpsdutexte corps texte",
    ),
    (
        "authors",
        "tacgia butdanh nguoiviet phongvien authorname writer reporter journalist postedby auteur redacteur autor",
    ),
    (
        "categories",
        "chuyenmuc chuyentrang danhmuc theloai loaitin nhomtin mucluc muc categoryname catname sectionname topic channel \
         desk rubrique categorie theme kategorie categoria",
    ),
    ("tags", "tukhoa nhan the tag tagnames keyword motscles etiquettes labels"),
    (
        "image",
        "anhdaidien hinhdaidien hinhanh anhbia anh hinh thumbnailurl thumburl thumb imageurl imageuri featuredimage heroimage \
         coverimage leadimage mainimage ogimage picture photo img vignette illustration",
    ),
    ("expires", "ngayhethan hethan unpublishdate unpublishat expireson expiresat"),
    ("language", "ngonngu langue"),
    ("rights", "banquyen"),
];

/// Objects in which exports wrap the fields of a record.
const WRAPPERS: &[&str] = &[
    "attributes",
    "fields",
    "article",
    "node",
    "post",
    "item",
    "frontmatter",
    "metadata",
    "meta",
    "data",
    "_source",
];

/// The names, or paths, by which records hold a field that the vocabulary does not find in them, with those first that
/// hold it most often. `fits` looks at the values.
pub fn propose(records: &[Record], field: &str, fits: impl Fn(&Value) -> bool) -> Vec<String> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for record in records.iter().filter(|record| vocabulary::find(&record.fields, field).is_none()) {
        let Some((name, _)) = search(&record.fields, field).filter(|(_, value)| fits(value)) else {
            continue;
        };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => found.push((name, 1)),
        }
    }
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // What a few records in a hundred call it may be anything.
    let least = records.len().div_ceil(20);
    found.into_iter().filter(|(_, count)| *count >= least).map(|(name, _)| name).take(3).collect()
}

/// Whether a record has a field, by any name that is known.
pub fn has(fields: &Fields, field: &str) -> bool {
    vocabulary::find(fields, field).is_some() || search(fields, field).is_some()
}

/// The value that a record holds for a field, and its name or path.
pub fn search<'a>(fields: &'a Fields, field: &str) -> Option<(String, &'a Value)> {
    if let Some((name, value)) = named(fields, field) {
        return Some((name.to_owned(), value));
    }
    WRAPPERS.iter().find_map(|wrapper| {
        let inner = fields.get(*wrapper)?.as_object()?;
        let (name, value) = vocabulary::find(inner, field).or_else(|| named(inner, field))?;
        Some((format!("{wrapper}.{name}"), value))
    })
}

fn named<'a>(fields: &'a Fields, field: &str) -> Option<(&'a str, &'a Value)> {
    let (_, names) = NAMES.iter().find(|(known, _)| *known == field)?;
    let known = fields.iter().filter(|(key, value)| *key != FILE_FIELD && holds_something(value));
    let known: Vec<_> = known.map(|(key, value)| (folded(key), key, value)).collect();
    names.split_whitespace().find_map(|name| {
        let (_, key, value) = known.iter().find(|(folded, _, _)| folded == name)?;
        Some((key.as_str(), *value))
    })
}

/// `Ngày đăng`, `ngay_dang` and `NgayDang` are one name.
fn folded(name: &str) -> String {
    slug::slugify(name).replace('-', "")
}

fn holds_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn names_of_newsrooms() {
        let name = |value: Value, field: &str| search(&fields(value), field).map(|(name, _)| name);
        assert_eq!(name(json!({"Tiêu đề": "x"}), "title").as_deref(), Some("Tiêu đề"));
        assert_eq!(name(json!({"tieu_de": "x"}), "title").as_deref(), Some("tieu_de"));
        assert_eq!(
            name(json!({"NgayDang": "x", "ngay": "y"}), "date_published").as_deref(),
            Some("NgayDang")
        );
        assert_eq!(name(json!({"Catégorie": "x"}), "categories").as_deref(), Some("Catégorie"));
        assert_eq!(name(json!({"attributes": {"title": "x"}}), "title").as_deref(), Some("attributes.title"));
        assert_eq!(name(json!({"tieu_de": " "}), "title"), None);
    }

    #[test]
    fn every_field_is_one_of_the_vocabulary() {
        for (field, names) in NAMES {
            assert!(vocabulary::FIELDS.iter().any(|known| known.name == *field), "{field}");
            for name in names.split_whitespace() {
                let record = fields(json!({ name: "x" }));
                assert!(
                    vocabulary::find(&record, field).is_none(),
                    "the vocabulary knows {name} for {field}"
                );
            }
        }
    }
}
