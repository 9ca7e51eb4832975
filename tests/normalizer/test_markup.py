"""HTML as mail programs write it, and what a reader would have seen of it."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.mails.markup import to_text

SEEN = {
    "blocks": ("<div>a</div><div>b</div><section>c</section>", "a\nb\nc"),
    "breaks": ("a<br>b<br/><br>c", "a\nb\n\nc"),
    "an empty line of Gmail": ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
    "a break before the end of its block": ("<div>a<br></div><div>b</div>", "a\nb"),
    "no more than one empty line": ("a<br><br><br><br>b", "a\n\nb"),
    "paragraphs": ("<p>a</p><p>b</p>", "a\n\nb"),
    "Word's paragraphs": ("<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal>b</p>", "a\nb"),
    "Word's empty paragraph": ("<p class=MsoNormal>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p>b", "a\n\nb"),
    "lists": ("<ul><li>a<li>b</ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n1. c\n2. d"),
    "a list within a list": ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n- b\n2. c"),
    "items of paragraphs": ("<ul><li><p>a</p></li><li><div>b</div></li></ul>", "- a\n\n- b"),
    "an item of no list": ("<li>a", "- a"),
    "a table": (
        "<table><tr><td>Lokasi</td><td>Jl. Mawar</td></tr><tr><td>Foto</td></tr></table>",
        "Lokasi Jl. Mawar\nFoto",
    ),
    "a link": ('<a href="https://peta.example/x">peta</a>', "peta <https://peta.example/x>"),
    "a link that shows its address": ('<a href="https://www.kota.example/">kota.example</a>', "kota.example"),
    "a mail address": ('<a href="mailto:sari@example.id">sari@example.id</a>', "sari@example.id"),
    "a link of a picture": ('<a href="https://x.example"><img src="a.png"></a>b', "b"),
    "a link to nowhere": ('<a href="#">a</a> <a name=b>b</a> <a href="javascript:x()">c</a>', "a b c"),
    "a link without an end": ('<a href="https://x.example">a', "a"),
    "a quote": ("a<blockquote>b<br>c</blockquote>d", "a\n> b\n> c\nd"),
    "a quote of a quote": ('<blockquote type="cite">a<blockquote>b</blockquote></blockquote>c', "> a\n>> b\nc"),
    "only indented": ('<blockquote style="margin:0 0 0 40px;border:none">a</blockquote>', "a"),
    "cited without a border": ('<blockquote type="cite" style="border:none">a</blockquote>', "> a"),
    "an end of no quote": ("a</blockquote>b", "a\nb"),
    "hidden": ('a<div style="color:red;display: none!important">b<div>c</div>d</div>e', "ae"),
    "hidden by its attribute": ("a<span hidden>b</span>c<span hidden=''>d</span>", "ac"),
    "no height": ("<div style='max-height:0px;overflow:hidden'>a</div>b", "b"),
    "not hidden": ('<div class="hidden-xs" style="max-height:0.5em" data-x="hidden">a</div>', "a"),
    "hidden without an end": ('<p style="display:none">a', "a"),
    "all of it hidden": ('<div style="display:none">a</div>', "a"),
    "style, script and title": ("<title>a</title><style>b</style><script>c</script>d", "d"),
    "comments": ("a<!-- b --><!--[if mso]>c<![endif]--><!--[if !mso]><!-->d<!--<![endif]-->e", "ade"),
    "a comment without an end": ("a<!-- b", "a<!-- b"),
    "what Word shows without a list": ("<![if !supportLists]>·&nbsp;&nbsp; <![endif]>a", "- a"),
    "entities": ("&lt;b&gt; &amp;amp; &eacute; &#8220;a&#x201d; &nosuch;", "<b> &amp; é “a” &nosuch;"),
    "signs that are no tags": ("1 < 2 & 3 > 2 <3", "1 < 2 & 3 > 2 <3"),
    "kept line ends": ("<pre>a\n b\r\n\r\nc</pre>d\ne", "a\nb\n\nc\nd e"),
    "an end sign in an attribute": ('<p title="a > b">c</p>', "c"),
    "upper case": ("<P>a</P><BLOCKQUOTE TYPE=CITE>b</BLOCKQUOTE>", "a\n\n> b"),
    "marks of its own": ("a\x01b\x02\x03c&#1;&#2;&#3;", "abc"),
}


@pytest.mark.parametrize(("source", "text"), SEEN.values(), ids=SEEN)
def test_what_a_reader_sees(source: str, text: str) -> None:
    assert to_text(source) == text


TAGS = st.sampled_from(
    [
        *("<div>", "</div>", "<p>", "</p>", "<br>", "<blockquote>", "</blockquote>", "<ul>", "<ol>", "</ol>", "<li>"),
        *("<a href='https://x.example'>", "</a>", "<pre>", "</pre>", "<b>", "<td>", "</td>", "&nbsp;", "\n", " "),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(TAGS, st.text("abc", min_size=1, max_size=3))))
def test_every_word_is_there_in_its_order(pieces: list[str]) -> None:
    text = re.sub(
        r"<https://x\.example>|^>+|^(?:- |\d+\. )+|(?<=> )(?:- |\d+\. )+", "", to_text("".join(pieces)), flags=re.M
    )
    words = "".join(piece for piece in pieces if not piece.startswith(("<", "&")))
    assert [letter for letter in text if letter in "abc"] == [letter for letter in words if letter in "abc"]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.one_of(TAGS, st.text("<>\"'=!-/&;ab", max_size=5))).map("".join)))
def test_any_source_gives_a_text(source: str) -> None:
    assert isinstance(to_text(source), str)
    assert to_text(html.escape(source.strip())) is not None
