"""Samples of every attack class of the field, written for these tests: none may come out alive."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit.html import css, text
from mailkit.html.clean import ATTRIBUTES, TAGS, clean, link

SVG_AND_MATHML = [
    '<svg><animate xlink:href="#x" attributeName="href" values="javascript:alert(1)"/><a id="x"><rect/></a></svg>',
    '<svg><set attributeName="onmouseover" to="alert(1)"/></svg>',
    '<svg><filter><feImage href="https://spy.test/p.gif"/></filter></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math href="javascript:alert(1)">x</math>',
    '<svg><a><animate attributeName="href" by="javascript:alert(1)"/></a></svg>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></iframe></foreignObject></svg>',
    '<svg><use href="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="/></svg>',
]
MUTATION = [
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>',
    "<plaintext><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<listing>&lt;img onerror=alert(1) src=x&gt;</listing>",
    '<select><template><style><!--</style><a rel="--></style></template></select><img onerror=alert(1)>">',
    "<p title='<!--'><!-- --><img src=x onerror=alert(1)> -->",
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>">',
    '<a href="x\x00y" onclick\x00=alert(1)>x</a>',
]
STYLES = [
    "background:url(https://spy.test/a.gif)",
    "background:u\\72l(https://spy.test/a.gif)",
    "background:/**/url( 'https://spy.test/a' )",
    "background-image:image-set('https://spy.test/a' 1x)",
    "color:var(--x,url(https://spy.test))",
    "--x:url(https://spy.test)",
    "position:fixed !important;inset:0;z-index:99999",
    "p\\6fsition:absolute;top:0",
    "width:expression(alert(1))",
    "behavior:url(#default#time2)",
    "-moz-binding:url(https://spy.test/x.xml#a)",
    "@import 'https://spy.test/x.css'",
    "}:root{background:url(https://spy.test)}a{",
    "content:url(https://spy.test)",
    "list-style:url(https://spy.test)",
    "cursor:url(https://spy.test),auto",
    "font-family:'a';src:url(https://spy.test)",
    "font:12px 'x\\27;background:url(https://spy.test)'",
    "transform:scale(100)",
    "animation:x 1s",
    "color:red;background:red url(//spy.test/a)",
    "margin-left:-9999px",
    "text-indent:-100em",
    "width:999999999px",
    "filter:url(https://spy.test/#f)",
    "color:attr(title)",
    "width:calc(100% + 1px)",
    "color:red</style><script>alert(1)</script>",
]
LINKS = [
    "javascript:alert(1)",
    "JaVa\tScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://x/1",
    "//spy.test/x",
    "/compte/securite/",
    "#fragment",
    "https://paris.fr@spy.test/",
    "https://",
    "mailto:",
    "mailto:a@b.fr?subject=x%0d%0abcc:c@d.fr",
    "http://[::1",
    "ms-word:ofe|u|https://spy.test/x",
]
ELEMENTS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    '<iframe src="https://spy.test"></iframe>',
    '<object data="https://spy.test"></object>',
    '<embed src="https://spy.test">',
    '<link rel="stylesheet" href="https://spy.test/x.css">',
    '<link rel="dns-prefetch" href="//spy.test">',
    '<meta http-equiv="refresh" content="0;url=https://spy.test">',
    '<base href="https://spy.test/">',
    '<form action="https://spy.test"><input name="password"><button>Valider</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<video poster="https://spy.test/p.jpg" src="https://spy.test/v"></video>',
    '<audio src="https://spy.test/a"></audio>',
    '<picture><source srcset="https://spy.test/s.webp"><img alt="x"></picture>',
    '<input type="image" src="https://spy.test/i.png">',
    '<body background="https://spy.test/b.gif" onload="alert(1)">x</body>',
    '<table background="https://spy.test/b.gif"><tr><td background="//spy.test/c">x</td></tr></table>',
    '<img srcset="https://spy.test/i.png 2x" alt="x">',
    '<img lowsrc="https://spy.test/i.png" dynsrc="https://spy.test/i">',
    '<img src="https://spy.test/i.png" onerror="alert(1)">',
    '<a href="https://x.test" ping="https://spy.test">x</a>',
    '<div class="nm-alert" id="main">x</div>',
    "<style>@import 'https://spy.test/x.css'; body{background:url(https://spy.test)}</style>",
    "<p contenteditable autofocus onfocus=alert(1) tabindex=1>x</p>",
    "<marquee onstart=alert(1)>x</marquee>",
    '<bgsound src="https://spy.test/a.mid">',
    "<details open ontoggle=alert(1)>x</details>",
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    '<a href="https://x.test" target="_top" rel="opener">x</a>',
    "<keygen autofocus onfocus=alert(1)>",
    '<frameset onload=alert(1)><frame src="https://spy.test"></frameset>',
    "<o:p onclick=alert(1)>Word</o:p>",
]


class Judge(HTMLParser):
    """Reads a cleaned fragment back and complains about anything outside the allow-list."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            added = name in ("rel", "target", "loading")
            if not added and name not in ATTRIBUTES.get(tag, set()):
                self.faults.append(f"<{tag} {name}>")
            if name == "href" and not re.match(r"(https?|mailto):", value or ""):
                self.faults.append(f"href={value}")
            if name == "src" and not re.match(r"https://contenu\.|data:image/(png|jpe?g|gif|webp);", value or ""):
                self.faults.append(f"src={value}")
            if name == "target" and value != "_blank":
                self.faults.append(f"target={value}")
            if name == "style" and re.search(r"url|var\(|@|position|expression|\\|/\*|[<>{}]", value or ""):
                self.faults.append(f"style={value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")


def faults(fragment: str) -> list[str]:
    judge = Judge()
    judge.feed(fragment)
    judge.close()
    return judge.faults


@pytest.mark.parametrize("sample", [*SVG_AND_MATHML, *MUTATION, *ELEMENTS])
def test_no_attack_by_markup_comes_out(sample: str) -> None:
    cleaned = clean(f"<p>avant</p>{sample}<p>après</p>").html
    assert faults(cleaned) == []
    assert "spy.test" not in cleaned
    assert not re.search(r"<[^>]*\bon\w+=", cleaned)
    assert "avant" in cleaned


@pytest.mark.parametrize("sample", STYLES)
def test_no_attack_by_style_comes_out(sample: str) -> None:
    style, _ = css.rebuild(sample)
    assert not re.search(
        r"url|var|@|position|expression|binding|behavior|transform|attr|calc|import|\\|[<>{}\"]", style
    )
    assert "-9999" not in style
    assert faults(clean(f'<p style="{sample.replace(chr(34), "&quot;")}">x</p>').html) == []


@pytest.mark.parametrize("sample", LINKS)
def test_no_attack_by_link_comes_out(sample: str) -> None:
    assert link(sample) is None
    cleaned = clean(f'<a href="{sample}">x</a>').html
    assert "href" not in cleaned


@given(st.text(alphabet="<>/=\"'& \x00-!abhimnorstvgyle:;(){}[]@\\#0123", max_size=300))
def test_whatever_is_written_only_allowed_markup_comes_out(sample: str) -> None:
    assert faults(clean(sample).html) == []


@given(st.text(alphabet="url(var:;{}@\\/*'\"-x0123456789 #%!,.\n", max_size=200))
def test_whatever_style_is_written_only_allowed_declarations_come_out(sample: str) -> None:
    style, _ = css.rebuild(sample)
    assert not re.search(r"url\(|var\(|[@\\{}<>]", style)


def test_an_ordinary_newsletter_keeps_its_look() -> None:
    cleaned = clean(
        '<table width="600" cellpadding="0" bgcolor="#ffffff"><tr><td style="padding:10px 20px;font-family:Arial,'
        'sans-serif;color:#333;border-bottom:1px solid #ccc;text-align:center">'
        '<h1>Bonjour</h1><a href="https://ville.test/a?b=1&amp;c=2" style="color:rgb(10, 20, 30)">Lire</a></td></tr>'
        "</table>"
    ).html
    assert 'width="600"' in cleaned
    assert "padding:10px 20px" in cleaned
    assert "font-family:Arial,sans-serif" in cleaned
    assert "border-bottom:1px solid #ccc" in cleaned
    assert "color:rgb(10, 20, 30)" in cleaned
    assert 'href="https://ville.test/a?b=1&amp;c=2"' in cleaned
    assert 'target="_blank"' in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("cdn.exemple.fr", True), ("img10.exemple.fr", True), ("10.2.3.exemple.fr", True), ("127.0.0.1.nip.io", False),
        ("a.10.0.0.1.mechant.test.fr", False), ("x-192-168-1-1.mechant.fr", False), ("x.lvh.me", False),
        ("100.64.0.1.sslip.io", False), ("172.16.3.4.mechant.fr", False), ("172.99.3.4.exemple.fr", True),
        ("127.0.0.1", False), ("2130706433", False), ("intranet", False), ("localhost", False), ("x.local", False),
    ],
)  # fmt: skip
def test_a_wanted_picture_is_of_a_public_place(host: str, public: bool) -> None:
    found = clean(f'<img src="https://{host}/p.png">', remote=True).html
    assert (host in found) is public


def test_remote_pictures_are_counted_and_their_address_is_gone() -> None:
    result = clean(
        '<img src="https://spy.test/1.gif" alt="Logo"><img src="//spy.test/2.gif"><p style="background:url(x)">a</p>'
    )
    assert result.blocked_images == 3
    assert "spy.test" not in result.html
    assert 'alt="Logo"' in result.html


def test_a_picture_of_the_message_gets_the_address_it_is_given() -> None:
    result = clean(
        '<img src="cid:logo%40x"><img src="CID:absent">',
        inline_url={"logo@x": "https://contenu.ville.test/i/1"}.get,
    )
    assert result.html.count("src=") == 1
    assert 'src="https://contenu.ville.test/i/1"' in result.html
    assert result.used_cids == ["logo@x"]
    assert result.blocked_images == 0


def test_a_monstrous_body_costs_little_time() -> None:
    started = time.process_time()
    assert clean("<div>" * 60_000 + "x").too_deep
    assert clean("<div><p>x</p></div>" * 20_000).html
    assert clean("".join(f"<p style='width:{n}px'>x</p>" for n in range(50_000))).html.count("style=") == 5000
    assert clean("<p style='" + "color:red;" * 200_000 + "'>x</p>").html == "<p>x</p>"
    assert clean("x" * 3_000_000).truncated
    assert time.process_time() - started < 5


def test_plain_text_stays_text_and_its_links_are_found() -> None:
    found = text.spans(
        "Voir https://ville.test/a_(b). <script>alert(1)</script> javascript:alert(1) (http://x.test/?a=1&b=2)"
    )
    assert [(span.text, span.href) for span in found if span.href] == [
        ("https://ville.test/a_(b)", "https://ville.test/a_(b)"),
        ("http://x.test/?a=1&b=2", "http://x.test/?a=1&b=2"),
    ]
    assert "".join(span.text for span in found).startswith("Voir https://ville.test/a_(b). <script>")


def test_quotations_are_told_apart_by_depth() -> None:
    found = text.blocks("Bonjour,\n> premier\n>> second\n> > aussi\nfin")
    assert [block.depth for block in found] == [0, 1, 2, 0]
    assert found[2].spans[0].text == "second\naussi"


def test_the_words_of_html_can_be_quoted() -> None:
    assert text.from_html("<p>Bonjour <b>à tous</b></p><ul><li>un</li><li>deux &amp; trois</li></ul>") == (
        "Bonjour à tous\n\nun\n\ndeux & trois"
    )


@given(st.text(max_size=400))
def test_no_character_is_lost_between_text_and_spans(sample: str) -> None:
    assert "".join(span.text for span in text.spans(sample)) == sample
