import { Tokenizer } from "htmlparser2";
import { type Link, type LinkSource, readLink } from "./link.ts";
import { LinkList } from "./link-list.ts";
import { displayTextCharactersMax } from "./text-limits.ts";
import { writtenUrls } from "./written-urls.ts";

export type HtmlText = {
  /** What a mail reader shows; elements without a break between them join, so that tags cannot split a word. */
  visible: string;
  /** Text that the document hides (display:none, hidden, no size, title, template), in order. */
  hidden: string;
  links: Link[];
  /** Beyond the cap of links. */
  linksDropped: number;
};

const breaking = new Set(
  "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section table tr ul".split(
    " ",
  ),
);
const cells = new Set(["td", "th"]);
/** Their content is no text for anybody (the tokenizer reads it up to the end tag only). */
const silent = new Set(["script", "style", "iframe", "noembed", "noframes"]);
const neverShown = new Set(["title", "template"]);
const empty = new Set(
  "area base br col embed frame hr img input link meta param source track wbr bgsound basefont".split(" "),
);
const hidingStyle =
  /(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden|mso-hide\s{0,4}:\s{0,4}all|(?:font-size|max-height|opacity)\s{0,4}:\s{0,4}0(?:\.0{0,4})?(?:px|pt|em|rem|%)?\s{0,4}(?:[;!]|$))/i;
const urlAttributes = new Map<string, LinkSource>([
  ["href", "anchor"],
  ["xlink:href", "anchor"],
  ["action", "form"],
  ["formaction", "form"],
  ["src", "resource"],
  ["background", "resource"],
  ["poster", "resource"],
  ["data", "resource"],
]);
const plainAttributes = new Set(["style", "hidden", "http-equiv", "content", "alt", "value"]);

/** The text and links of an HTML document: one pass, no tree, linear whatever is in it. */
export function readHtml(html: string): HtmlText {
  return new HtmlReader(html).read();
}

type OpenAnchor = { urls: string[]; display: string };
type FoundLink = { source: LinkSource; written: string; display: string };

class HtmlReader {
  readonly #html: string;
  readonly #list = new LinkList();
  #visible = "";
  #hidden = "";
  #base: URL | null = null;
  /** Read at the end: the base may come after them. */
  readonly #found: FoundLink[] = [];
  #tag = "";
  #attribute = "";
  #value = "";
  #plain = new Map<string, string>();
  #urls: { source: LinkSource; written: string }[] = [];
  #anchor: OpenAnchor | null = null;
  #silentIn: string | null = null;
  /** The element that hides, and how many of its name are open inside. An end tag left out only makes more text hidden. */
  #hiding: { tag: string; open: number } | null = null;

  constructor(html: string) {
    this.#html = html;
  }

  read(): HtmlText {
    const nothing = () => {};
    const tokenizer = new Tokenizer(
      {},
      {
        ontext: (start, end) => this.#text(this.#html.slice(start, end)),
        ontextentity: (code) => this.#text(String.fromCodePoint(code)),
        onopentagname: (start, end) => this.#openTag(this.#html.slice(start, end).toLowerCase()),
        onattribname: (start, end) => {
          this.#attribute = this.#html.slice(start, end).toLowerCase();
          this.#value = "";
        },
        onattribdata: (start, end) => {
          this.#value += this.#html.slice(start, end);
        },
        onattribentity: (code) => {
          this.#value += String.fromCodePoint(code);
        },
        onattribend: () => this.#attributeEnd(),
        onopentagend: () => this.#tagEnd(),
        onselfclosingtag: () => this.#tagEnd(),
        onclosetag: (start, end) => this.#closeTag(this.#html.slice(start, end).toLowerCase()),
        oncdata: nothing,
        oncomment: nothing,
        ondeclaration: nothing,
        onprocessinginstruction: nothing,
        onend: nothing,
      },
    );
    tokenizer.write(this.#html);
    tokenizer.end();
    this.#closeAnchor();
    for (const { source, written, display } of this.#found) {
      this.#list.add(() => readLink(written, source, display, this.#base));
    }
    for (const text of [this.#visible, this.#hidden]) {
      for (const url of writtenUrls(text)) this.#list.add(() => readLink(url, "text", "", null));
    }
    return {
      visible: this.#visible,
      hidden: this.#hidden,
      links: this.#list.links,
      linksDropped: this.#list.dropped,
    };
  }

  #openTag(tag: string): void {
    this.#tag = tag;
    this.#plain = new Map();
    this.#urls = [];
  }

  /** The first of several attributes of one name counts (HTML §13.2.5.33); every URL is kept, as not all readers know that. */
  #attributeEnd(): void {
    const source = urlAttributes.get(this.#attribute);
    if (source !== undefined) this.#urls.push({ source, written: this.#value });
    else if (plainAttributes.has(this.#attribute) && !this.#plain.has(this.#attribute)) {
      this.#plain.set(this.#attribute, this.#value);
    }
  }

  #tagEnd(): void {
    const tag = this.#tag;
    this.#separate(tag);
    if (silent.has(tag)) this.#silentIn = tag;
    if (this.#hiding?.tag === tag) this.#hiding.open++;
    else if (this.#hiding === null && !empty.has(tag) && this.#hides(tag)) {
      this.#hiding = { tag, open: 1 };
      this.#text("\n");
    }
    this.#followUrls(tag);
    if (tag === "img") this.#text(this.#plain.get("alt") ?? "");
    else if (tag === "input") this.#text(` ${this.#plain.get("value") ?? ""} `);
  }

  #hides(tag: string): boolean {
    return neverShown.has(tag) || this.#plain.has("hidden") || hidingStyle.test(this.#plain.get("style") ?? "");
  }

  #followUrls(tag: string): void {
    const [first] = this.#urls;
    if (tag === "base") {
      this.#base ??= first === undefined ? null : URL.parse(first.written);
    } else if (tag === "a" || tag === "area") {
      this.#closeAnchor();
      this.#anchor = { urls: this.#urls.map(({ written }) => written), display: "" };
    } else {
      // What other elements name by href (a style sheet, an image of an SVG) is fetched.
      for (const { source, written } of this.#urls) this.#link(source === "anchor" ? "resource" : source, written, "");
    }
    if (tag === "meta" && /^\s*refresh\s*$/i.test(this.#plain.get("http-equiv") ?? "")) this.#refresh();
  }

  /** HTML §4.2.5.3: seconds, a separator, `url=`, which may be left out, and a URL, which may stand in quotes. */
  #refresh(): void {
    const target = /^[\s\d.]*[;,\s]\s*(?:url\s*=)?\s*["']?([^"']*)/i.exec(this.#plain.get("content") ?? "")?.[1];
    if (target !== undefined) this.#link("refresh", target, "");
  }

  #closeTag(tag: string): void {
    if (tag === this.#silentIn) this.#silentIn = null;
    if (tag === this.#hiding?.tag && --this.#hiding.open === 0) this.#hiding = null;
    if (tag === "a") this.#closeAnchor();
    this.#separate(tag);
  }

  #closeAnchor(): void {
    const anchor = this.#anchor;
    this.#anchor = null;
    for (const written of anchor?.urls ?? []) this.#link("anchor", written, anchor?.display ?? "");
  }

  #link(source: LinkSource, written: string, display: string): void {
    this.#found.push({ source, written, display });
  }

  #separate(tag: string): void {
    if (breaking.has(tag)) this.#text("\n");
    else if (cells.has(tag)) this.#text(" ");
  }

  #text(text: string): void {
    if (this.#silentIn !== null) return;
    if (this.#hiding !== null) {
      this.#hidden += text;
      return;
    }
    this.#visible += text;
    const anchor = this.#anchor;
    if (anchor !== null && anchor.display.length < displayTextCharactersMax) {
      anchor.display += text.slice(0, displayTextCharactersMax);
    }
  }
}
