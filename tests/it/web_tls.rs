//! Sources of the web over HTTPS: whom they are trusted to come from, and what is said where they are not.

use crate::authority::{self, Authority, Identity};
use crate::site::{HEAD, Run, Site, assert_same, record};
use crate::web_server::{Server, json};
use serde_json::Value;

const CA: &str = "ca = \"ca.pem\"\n";

fn newsroom() -> Server {
    Server::start(|_, stream| json(stream, &Value::Array(vec![record("a", 1), record("b", 2)])))
}

/// A newspaper that fetches from a server of this machine which shows that, and finds these authorities in ca.pem.
fn of(server: &Server, host: &str, identity: &Identity, ca: Option<&str>) -> Site {
    let port = authority::in_front_of(server.port(), identity);
    let key = if ca.is_some() { CA } else { "" };
    let source = format!("url = \"https://{host}:{port}/api\"\nallow_private = true\ntimeout = 20\n{key}");
    let site = Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", &source));
    match ca {
        Some(pem) => site.file("ca.pem", pem),
        None => site,
    }
}

#[track_caller]
fn refused(site: &Site, why: &str) -> Run {
    let run = site.run(&["build"]).exits(2).says(&["the connection cannot be secured: ", why]);
    assert!(site.tree().is_empty());
    run
}

#[test]
fn what_an_authority_of_ones_own_vouches_for_is_read() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    for host in ["localhost", "127.0.0.1"] {
        let site = of(&server, host, &own.identity(&["localhost", "127.0.0.1"]), Some(&own.pem()));
        site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
        assert!(site.read("public/thoi-su/rss.xml").contains("Tin a"));
    }
}

#[test]
fn one_of_several_authorities_is_enough() {
    let (own, other, server) = (Authority::new("Toà soạn"), Authority::new("Khác"), newsroom());
    let both = format!("# Authorities of the house\n{}\n{}", other.pem(), own.pem());
    let site = of(&server, "localhost", &own.identity(&["localhost"]), Some(&both));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
}

#[test]
fn a_certificate_that_vouches_for_itself_is_trusted_when_it_is_named() {
    let (itself, server) = (authority::self_signed(&["localhost"]), newsroom());
    let site = of(&server, "localhost", &itself, Some(&itself.certificate));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
    let site = of(&server, "localhost", &itself, None);
    refused(
        &site,
        "no known authority vouches for the server's certificate; `ca = \"ca.pem\"` names one of your own",
    );
}

#[test]
fn another_authority_is_refused_and_the_old_feeds_stay() {
    let (own, other, server) = (Authority::new("Toà soạn"), Authority::new("Khác"), newsroom());
    let site = of(&server, "localhost", &own.identity(&["localhost"]), Some(&own.pem()));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
    let before = site.tree();
    let site = site.file("ca.pem", &other.pem());
    let run = site.run(&["build"]).exits(1).prints(&["2 articles from 1 file"]);
    run.says(&["none of the authorities in", "ca.pem vouches for", "what it gave last is used"]);
    assert_same(&site.tree(), &before);
    // Of the same name, and yet another.
    let site = site.file("ca.pem", &Authority::new("Toà soạn").pem());
    site.run(&["build"]).exits(1).says(&["the connection cannot be secured: ", "ca.pem"]);
    assert_same(&site.tree(), &before);
}

#[test]
fn a_certificate_of_another_name_is_refused() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let identity = own.identity(&["cms.example", "10.0.0.1"]);
    refused(
        &of(&server, "localhost", &identity, Some(&own.pem())),
        "the server's certificate is made out to cms.example, 10.0.0.1, not to localhost",
    );
    refused(&of(&server, "127.0.0.1", &identity, Some(&own.pem())), "not to 127.0.0.1");
    refused(&of(&server, "localhost", &own.identity(&[]), Some(&own.pem())), "made out to no name at all");
}

#[test]
fn a_certificate_that_ran_out_is_refused() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let site = of(&server, "localhost", &own.run_out(&["localhost"]), Some(&own.pem()));
    refused(&site, "the server's certificate ran out on 2020-12-31");
}

#[test]
fn a_file_that_names_no_authority_is_told() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let identity = own.identity(&["localhost"]);
    for (pem, why) in [
        ("", "`ca`: there is no certificate in "),
        (&identity.key, "`ca`: there is no certificate in "),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "`ca`: certificate 1 in "),
    ] {
        of(&server, "localhost", &identity, Some(pem)).run(&["build"]).exits(2).says(&[why, "ca.pem"]);
    }
    let site = of(&server, "localhost", &identity, Some(""));
    std::fs::remove_file(site.path("ca.pem")).unwrap();
    let run = site.run(&["build"]).exits(2);
    run.says(&["`ca`: cannot read the certificates in ", "ca.pem: there is no such file"]);
    assert!(server.requests().is_empty());
}

#[test]
fn authorities_belong_to_the_web() {
    let config = |source: &str| Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", source));
    let run = config("path = \"articles.jsonl\"\nca = \"ca.pem\"").run(&["build"]).exits(2);
    run.says(&["`ca` says nothing of files", "feeds.toml:"]);
    let run = config("url = \"sqlite:a.db\"\ntable = \"a\"\nca = \"ca.pem\"").run(&["build"]).exits(2);
    run.says(&["`ca` says nothing of a database"]);
    config("url = \"https://cms.example/\"\nca = \" \"").run(&["build"]).exits(2).says(&["`ca` is empty"]);
}

#[test]
fn what_is_redirected_to_is_held_against_the_same_authorities() {
    let (own, other, server) = (Authority::new("Toà soạn"), Authority::new("Khác"), newsroom());
    let elsewhere = authority::in_front_of(server.port(), &other.identity(&["localhost"]));
    let first = Server::start(move |_, stream| {
        let to = format!("https://localhost:{elsewhere}/api");
        crate::web_server::answer(stream, "302 Found", &[("Location", &to)], b"");
    });
    let identity = own.identity(&["localhost"]);
    refused(&of(&first, "localhost", &identity, Some(&own.pem())), "none of the authorities in");
    let both = own.pem() + &other.pem();
    of(&first, "localhost", &identity, Some(&both)).run(&["build"]).exits(0).prints(&["2 articles"]);
}

#[test]
fn a_feed_that_nobody_vouches_for_is_found_out() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let port = authority::in_front_of(server.port(), &own.identity(&["localhost"]));
    let (site, url) = (Site::new().file("ca.pem", &own.pem()), format!("https://localhost:{port}/rss.xml"));
    let run = site.run(&["check", &url]).exits(1);
    let why = "no known authority vouches for the server's certificate; `--ca FILE` names one of your own";
    run.prints(&["error[unreachable-feed]", why]);
    assert!(server.requests().is_empty());
    // With the authority named, what the server sends is looked at: it is no feed.
    let run = site.run(&["check", "--ca", "ca.pem", &url]).exits(1);
    assert!(!run.stdout.contains("unreachable-feed") && !server.requests().is_empty(), "{}", run.stdout);
    let site = site.file("other.pem", &Authority::new("Khác").pem());
    let run = site.run(&["check", "--ca", "other.pem", &url]).exits(1);
    run.prints(&["none of the authorities in other.pem vouches for the server's certificate"]);
    for (file, why) in
        [("none.pem", "there is no such file"), ("feeds.toml", "there is no certificate in feeds.toml")]
    {
        site.run(&["check", "--ca", file, &url]).exits(2).says(&["`--ca` names no authority", why]);
    }
    site.run(&["check", "--ca", "ca.pem"]).exits(2);
}

#[test]
fn a_hub_of_the_house_is_told() {
    let hub = Server::start(|_, stream| crate::web_server::answer(stream, "204 No Content", &[], b""));
    let own = Authority::new("Toà soạn");
    let port = authority::in_front_of(hub.port(), &own.identity(&["localhost"]));
    let config = |ca: &str| {
        format!("{HEAD}\n[[feed]]\ntitle = \"Thời sự\"\n[websub]\nhub = \"https://localhost:{port}/\"\n{ca}")
    };
    let site = Site::new().config(&config("")).article(record("a", 1)).file("ca.pem", &own.pem());
    site.run(&["build", "--notify"]).exits(1).says(&[
        "no known authority vouches for the server's certificate; `ca` of [websub] names one of your own",
    ]);
    let site = site.config(&config(CA));
    site.run(&["notify"]).exits(0).prints(&["told of 3 files"]);
    assert_eq!(hub.requests().len(), 3);
    let site = site.config(&config("ca = \"none.pem\"\n"));
    site.run(&["notify", "--force"])
        .exits(2)
        .says(&["`websub.ca` names no authority", "there is no such file"]);
    let site = site.config(&config("ca = \"\"\n"));
    site.run(&["notify"]).exits(2).says(&["`ca` is empty", "feeds.toml:"]);
    let site = site.config(&format!("{HEAD}\n[websub]\n{CA}"));
    site.run(&["build"]).exits(2).says(&["`websub.ca` says nothing without a hub", "feeds.toml:"]);
}
