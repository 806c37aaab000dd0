//! Leaves no traces of what was taken out: empty elements, white space that nobody sees, text in pieces.

use std::mem;
use std::rc::Rc;

use html5ever::tendril::StrTendril;
use markup5ever_rcdom::{Handle, Node, NodeData};

use super::loosen;
use super::repair::name;
use crate::text::clean;

/// Tidies everything below the root, the innermost first. Not recursive, however deep the tree.
pub(super) fn tidy(root: &Handle) {
    let mut order = Vec::new();
    let mut waiting = vec![(Rc::clone(root), false)];
    while let Some((node, preformatted)) = waiting.pop() {
        let preformatted = preformatted || name(&node) == "pre";
        waiting.extend(node.children.borrow().iter().map(|child| (Rc::clone(child), preformatted)));
        order.push((node, preformatted));
    }
    // Every element stands after its parent in this order.
    for (node, preformatted) in order.into_iter().rev() {
        children(&node, preformatted);
    }
}

/// Takes empty elements out of the children of a node and puts pieces of text together.
fn children(parent: &Node, preformatted: bool) {
    let mut kept: Vec<Handle> = Vec::new();
    for node in mem::take(&mut *parent.children.borrow_mut()) {
        let node = match emptiness(&node) {
            Emptiness::Full => node,
            Emptiness::Nothing => continue,
            Emptiness::Space(space) => space,
        };
        match (&node.data, kept.last().map(|last| &last.data)) {
            (NodeData::Text { contents }, Some(NodeData::Text { contents: before })) => {
                before.borrow_mut().push_tendril(&contents.borrow());
            }
            _ => kept.push(node),
        }
    }
    for node in &kept {
        if let NodeData::Text { contents } = &node.data {
            let mut contents = contents.borrow_mut();
            let tidy = text(&contents, preformatted);
            if tidy != **contents {
                *contents = StrTendril::from(tidy);
            }
        }
    }
    *parent.children.borrow_mut() = kept;
}

/// Clean text, not joined to the tag before it, every run of white space one character outside `pre`.
fn text(contents: &str, preformatted: bool) -> String {
    let loose = loosen(contents, true);
    let tidy = clean(&loose);
    if preformatted {
        return tidy.into_owned();
    }
    let mut folded = String::with_capacity(tidy.len());
    let mut rest = &*tidy;
    while let Some(at) = rest.find(|c: char| c.is_ascii_whitespace()) {
        let (words, space) = rest.split_at(at);
        let after = space.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let space = space.get(..space.len() - after.len()).unwrap_or_default();
        folded.push_str(words);
        folded.push(if space.contains('\n') { '\n' } else { ' ' });
        rest = after;
    }
    folded.push_str(rest);
    folded
}

enum Emptiness {
    Full,
    /// Takes no room, or room for nothing.
    Nothing,
    /// Parts two words.
    Space(Handle),
}

fn emptiness(node: &Node) -> Emptiness {
    let inline = match name(node) {
        "a" | "abbr" | "b" | "bdi" | "bdo" | "cite" | "code" | "del" | "dfn" | "em" | "i" | "ins" | "kbd"
        | "mark" | "q" | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "tt"
        | "u" | "var" => true,
        "address" | "article" | "aside" | "blockquote" | "center" | "div" | "dl" | "figcaption"
        | "figure" | "footer" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "nav"
        | "ol" | "p" | "pre" | "section" | "ul" => false,
        _ => return Emptiness::Full,
    };
    let children = node.children.borrow();
    let blank = |child: &Handle| match &child.data {
        NodeData::Text { contents } => contents.borrow().chars().all(char::is_whitespace),
        _ => false,
    };
    if !children.iter().all(blank) {
        return Emptiness::Full;
    }
    match children.first() {
        Some(space) if inline => Emptiness::Space(Rc::clone(space)),
        _ => Emptiness::Nothing,
    }
}
