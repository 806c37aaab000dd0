//! Makes good what only the page's own scripts and address made whole: lazy images, players, noscript, relative links.

use std::cell::Cell;
use std::collections::{HashSet, VecDeque};
use std::mem;
use std::rc::{Rc, Weak};

use html5ever::interface::Tracer;
use html5ever::serialize::{SerializeOpts, TraversalScope, serialize};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, Node, NodeData, RcDom, SerializableHandle};
use url::Url;

use super::{ELEMENTS, image, player, tidy};
use crate::link;
use crate::text::{Text, clean};

/// The most elements that may be open at a place. Content systems nest some thirty deep; the parser's work at each tag
/// grows with the number of open elements.
const DEEPEST: usize = 512;

/// The most formatting elements (`b`, `font`, …) that may be left open: the parser repeats all of them in every paragraph
/// that follows. Each open one is counted twice, among the open elements and among those to be repeated.
const FORMATTING: usize = 64;

/// The most siblings that an open table may have: what is wrongly in a table is put before it, and to find the place the
/// parser looks through all of them.
const BESIDE_TABLE: usize = 10_000;

/// Bytes that are parsed between two looks at the depth.
const CHUNK: usize = 1024;

/// Parses, repairs and writes the HTML. Nothing where it is nested too deep.
pub(super) fn repair(html: &str, base: &Url) -> Option<String> {
    let dom = parse(html)?;
    let root = dom.document.children.borrow().first().cloned()?;
    let mut repair = Repair { base, from_noscript: Vec::new(), answered: None };
    repair.tree(&root);
    repair.drop_doubles(&root);
    tidy::tidy(&root);
    let mut out = Vec::with_capacity(html.len());
    let options = SerializeOpts {
        scripting_enabled: false,
        traversal_scope: TraversalScope::ChildrenOnly(None),
        create_missing_parent: true,
    };
    serialize(&mut out, &SerializableHandle::from(root), options).ok()?;
    String::from_utf8(out).ok()
}

fn parse(html: &str) -> Option<RcDom> {
    let options = ParseOpts {
        // Readers run no scripts: what is in a noscript is what they should see.
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let mut parser = parse_fragment(RcDom::default(), options, context, Vec::new(), false);
    let mut rest = html;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK.min(rest.len())));
        parser.process(StrTendril::from(chunk));
        rest = after;
        let open = Open::default();
        parser.tokenizer.sink.trace_handles(&open);
        if open.elements.get() > DEEPEST
            || open.formatting.get() > FORMATTING
            || open.beside_table.get() > BESIDE_TABLE
        {
            return None;
        }
    }
    Some(parser.finish())
}

/// Counts what the parser holds open.
#[derive(Default)]
struct Open {
    elements: Cell<usize>,
    formatting: Cell<usize>,
    beside_table: Cell<usize>,
}

impl Tracer for Open {
    type Handle = Handle;

    fn trace_handle(&self, node: &Handle) {
        self.elements.set(self.elements.get() + 1);
        let formatting = matches!(
            name(node),
            "a" | "b"
                | "big"
                | "code"
                | "em"
                | "font"
                | "i"
                | "nobr"
                | "s"
                | "small"
                | "strike"
                | "strong"
                | "tt"
                | "u"
        );
        self.formatting.set(self.formatting.get() + usize::from(formatting));
        if name(node) == "table" {
            let parent = node.parent.take();
            let siblings =
                parent.as_ref().and_then(Weak::upgrade).map_or(0, |parent| parent.children.borrow().len());
            node.parent.set(parent);
            self.beside_table.set(self.beside_table.get().max(siblings));
        }
    }
}

/// The name of an HTML element; empty for every other node.
pub(super) fn name(node: &Node) -> &str {
    match &node.data {
        NodeData::Element { name, .. } if name.ns == ns!(html) => &name.local,
        _ => "",
    }
}

/// The value of an attribute, where it has one that is not blank.
pub(super) fn attribute(node: &Node, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attrs = attrs.borrow();
    let value = attrs.iter().find(|attr| &*attr.name.local == wanted)?.value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Sets or removes an attribute.
pub(super) fn set(node: &Node, wanted: &str, value: Option<&str>) {
    let NodeData::Element { attrs, .. } = &node.data else { return };
    let mut attrs = attrs.borrow_mut();
    let Some(value) = value else {
        attrs.retain(|attr| &*attr.name.local != wanted);
        return;
    };
    match attrs.iter_mut().find(|attr| &*attr.name.local == wanted) {
        Some(attr) => attr.value = value.into(),
        None => attrs.push(Attribute {
            name: QualName::new(None, ns!(), LocalName::from(wanted)),
            value: value.into(),
        }),
    }
}

pub(super) fn new_element(name: &str, children: Vec<Handle>) -> Handle {
    let node = Node::new(NodeData::Element {
        name: QualName::new(None, ns!(html), LocalName::from(name)),
        attrs: Default::default(),
        template_contents: Default::default(),
        mathml_annotation_xml_integration_point: false,
    });
    *node.children.borrow_mut() = children;
    node
}

pub(super) fn new_text(text: &str) -> Handle {
    Node::new(NodeData::Text { contents: StrTendril::from(text).into() })
}

/// The elements of these names below a node, in the order of the document.
pub(super) fn descendants(node: &Node, names: &[&str]) -> Vec<Handle> {
    let mut found = Vec::new();
    let mut stack: Vec<Handle> = node.children.borrow().iter().rev().cloned().collect();
    while let Some(node) = stack.pop() {
        if names.contains(&name(&node)) {
            found.push(Rc::clone(&node));
        }
        stack.extend(node.children.borrow().iter().rev().cloned());
    }
    found
}

/// What becomes of a node.
enum Fate {
    Keep,
    Drop,
    /// Its children take its place.
    Unwrap,
    Replace(Handle),
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Place {
    /// A paragraph may stand here.
    block: bool,
    /// Inside a link, where no other link may be.
    link: bool,
    /// Inside audio or video, where sources and tracks belong.
    media: bool,
}

struct Repair<'a> {
    base: &'a Url,
    /// Images that stood in a noscript: another of the same address makes them superfluous.
    from_noscript: Vec<Handle>,
    /// The box whose lazy image has had its noscript: one image has one.
    answered: Option<*const Node>,
}

impl Repair<'_> {
    /// Decides on every node below the root. Not recursive, however deep the tree.
    fn tree(&mut self, root: &Handle) {
        let mut parents = vec![(Rc::clone(root), false, false)];
        while let Some((parent, link, media)) = parents.pop() {
            let parent_name = name(&parent);
            let place = Place {
                block: holds_paragraphs(parent_name),
                link: link || parent_name == "a",
                media: media || matches!(parent_name, "audio" | "video"),
            };
            let mut waiting = VecDeque::from(mem::take(&mut *parent.children.borrow_mut()));
            let mut kept: Vec<Handle> = Vec::with_capacity(waiting.len());
            while let Some(node) = waiting.pop_front() {
                match self.decide(&node, place, &mut kept) {
                    Fate::Keep => kept.push(node),
                    Fate::Drop => {}
                    Fate::Unwrap => {
                        for child in mem::take(&mut *node.children.borrow_mut()).into_iter().rev() {
                            waiting.push_front(child);
                        }
                    }
                    Fate::Replace(node) => kept.push(node),
                }
            }
            let below = kept.iter().filter(|node| matches!(node.data, NodeData::Element { .. }));
            parents.extend(below.map(|node| (Rc::clone(node), place.link, place.media)));
            *parent.children.borrow_mut() = kept;
        }
    }

    fn decide(&mut self, node: &Handle, place: Place, kept: &mut Vec<Handle>) -> Fate {
        match &node.data {
            NodeData::Text { .. } => return Fate::Keep,
            NodeData::Element { name, .. } if name.ns != ns!(html) => {
                // The letters of a formula stay, drawings and the formula's source go.
                let dropped = name.ns == ns!(svg) || matches!(&*name.local, "annotation" | "annotation-xml");
                return if dropped { Fate::Drop } else { Fate::Unwrap };
            }
            NodeData::Element { .. } => {}
            _ => return Fate::Drop,
        }
        match name(node) {
            "script" | "style" | "template" | "title" | "link" | "meta" | "base" | "noframes" | "noembed"
            | "frame" | "frameset" | "applet" | "param" | "bgsound" | "input" | "button" | "select"
            | "option" | "optgroup" | "textarea" | "datalist" | "progress" | "meter" => Fate::Drop,
            "iframe" | "embed" | "oembed" => self.player(node, place),
            // An object has its fallback inside: an embed, an image, text.
            "object" => match self.player(node, place) {
                Fate::Replace(link) if descendants(node, &["embed", "iframe"]).is_empty() => {
                    Fate::Replace(link)
                }
                _ => Fate::Unwrap,
            },
            "noscript" => self.noscript(node, kept),
            "img" => self.image(node),
            // AMP's name for it; the fallback inside is the same picture.
            "amp-img" => {
                let image = new_element("img", Vec::new());
                if let (NodeData::Element { attrs, .. }, NodeData::Element { attrs: own, .. }) =
                    (&image.data, &node.data)
                {
                    attrs.replace(own.take());
                }
                match self.image(&image) {
                    Fate::Keep => Fate::Replace(image),
                    _ => Fate::Unwrap,
                }
            }
            "picture" => match image::from_picture(node, self.base) {
                Some(image) => Fate::Replace(image),
                None => Fate::Drop,
            },
            "video" | "audio" => self.media(node),
            "source" if !place.media => Fate::Drop,
            "source" | "track" => {
                let src = self.absolute_attribute(node, "src");
                if src.is_some() { self.attributes(node, Fate::Keep) } else { Fate::Drop }
            }
            "a" => {
                let href = attribute(node, "href").and_then(|href| link::href(&href, self.base).ok());
                set(node, "href", href.as_deref());
                let fate = if href.is_some() { Fate::Keep } else { Fate::Unwrap };
                self.attributes(node, fate)
            }
            // Without a class or a style it says nothing.
            "span" if ["lang", "dir", "title"].iter().all(|name| attribute(node, name).is_none()) => {
                Fate::Unwrap
            }
            name if ELEMENTS.binary_search(&name).is_ok() => self.attributes(node, Fate::Keep),
            _ => Fate::Unwrap,
        }
    }

    /// Makes the attributes that any element may have fit.
    fn attributes(&self, node: &Node, fate: Fate) -> Fate {
        self.absolute_attribute(node, "cite");
        for side in ["width", "height"] {
            if let Some(length) = attribute(node, side) {
                set(node, side, image::length(&length).as_deref());
            }
        }
        let NodeData::Element { attrs, .. } = &node.data else { return fate };
        for attr in attrs.borrow_mut().iter_mut() {
            let tidy = clean(&attr.value);
            if *tidy != *attr.value {
                attr.value = StrTendril::from(&*tidy);
            }
        }
        fate
    }

    /// Makes the URL in an attribute absolute, or removes the attribute.
    fn absolute_attribute(&self, node: &Node, wanted: &str) -> Option<String> {
        let url = attribute(node, wanted).and_then(|url| link::absolute(&url, self.base).ok());
        set(node, wanted, url.as_deref());
        url
    }

    fn image(&self, node: &Node) -> Fate {
        let fate = if image::restore(node, self.base) { Fate::Keep } else { Fate::Drop };
        self.attributes(node, fate)
    }

    /// A video without anything to play becomes its poster, or what stands in it for browsers without video.
    fn media(&self, node: &Node) -> Fate {
        let src = ["src", "data-src"].into_iter().filter_map(|name| attribute(node, name));
        let src = src.filter_map(|src| link::absolute(&src, self.base).ok()).next();
        set(node, "src", src.as_deref());
        let poster = self.absolute_attribute(node, "poster");
        let source =
            |node: &Handle| attribute(node, "src").is_some_and(|src| link::absolute(&src, self.base).is_ok());
        if src.is_some() || descendants(node, &["source"]).iter().any(source) {
            // Without its page's script nothing else would start it.
            set(node, "controls", Some(""));
            return self.attributes(node, Fate::Keep);
        }
        let image = poster.map(|poster| {
            let image = new_element("img", Vec::new());
            set(&image, "src", Some(&poster));
            image
        });
        // Not of a poster that is itself but a stand-in.
        image.filter(|image| image::restore(image, self.base)).map_or(Fate::Unwrap, Fate::Replace)
    }

    fn player(&self, node: &Node, place: Place) -> Fate {
        let Some(url) = player::watch_url(node, self.base) else { return Fate::Drop };
        let title =
            attribute(node, "title").map(|title| Text::line(&title)).filter(|title| !title.is_empty());
        let text = new_text(title.as_deref().unwrap_or(&url));
        if place.link {
            return Fate::Replace(text);
        }
        let link = new_element("a", vec![text]);
        set(&link, "href", Some(&url));
        Fate::Replace(if place.block { new_element("p", vec![link]) } else { link })
    }

    /// A fallback with a picture or player takes the place of the lazy image before it; any other speaks of scripts only.
    fn noscript(&mut self, node: &Node, kept: &mut Vec<Handle>) -> Fate {
        let images = descendants(node, &["img"]);
        let shown = images.iter().any(|image| image::is_shown(image, self.base));
        if !shown && descendants(node, &["iframe", "video", "audio"]).is_empty() {
            return Fate::Drop;
        }
        if !shown {
            return Fate::Unwrap;
        }
        if let Some(at) = kept.iter().rposition(|node| !is_blank(node))
            && let Some(before) = kept.get(at).map(Rc::clone)
        {
            if image::was_lazy(&before) {
                for name in ["alt", "title", "width", "height"] {
                    if let Some(image) = images.first()
                        && attribute(image, name).is_none()
                        && let Some(value) = attribute(&before, name)
                    {
                        set(image, name, Some(&value));
                    }
                }
                kept.truncate(at);
            } else if self.answered.replace(Rc::as_ptr(&before)) != Some(Rc::as_ptr(&before))
                && descendants(&before, &["img"])
                    .iter()
                    .any(|image| image::was_lazy(image) && image::is_shown(image, self.base))
            {
                // The same picture, perhaps of another size, is restored inside the box before.
                return Fate::Drop;
            }
        }
        self.from_noscript.extend(images);
        Fate::Unwrap
    }

    /// Takes out the images of noscripts that the article shows anyway.
    fn drop_doubles(&self, root: &Handle) {
        if self.from_noscript.is_empty() {
            return;
        }
        let fallback: HashSet<*const Node> = self.from_noscript.iter().map(Rc::as_ptr).collect();
        let shown: HashSet<String> = descendants(root, &["img"])
            .iter()
            .filter(|image| !fallback.contains(&Rc::as_ptr(image)))
            .filter_map(|image| attribute(image, "src"))
            .collect();
        let mut stack = vec![Rc::clone(root)];
        while let Some(node) = stack.pop() {
            let mut children = node.children.borrow_mut();
            children.retain(|child| {
                !fallback.contains(&Rc::as_ptr(child))
                    || attribute(child, "src").is_none_or(|src| !shown.contains(&src))
            });
            stack.extend(children.iter().cloned());
        }
    }
}

fn is_blank(node: &Node) -> bool {
    matches!(&node.data, NodeData::Text { contents } if contents.borrow().trim().is_empty())
}

/// Elements in which a paragraph may stand; the root of a fragment is `html`.
fn holds_paragraphs(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "body"
            | "div"
            | "section"
            | "article"
            | "main"
            | "aside"
            | "header"
            | "footer"
            | "nav"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "td"
            | "th"
            | "li"
            | "dd"
            | "details"
            | "center"
            | "form"
            | "fieldset"
            | "address"
    )
}
