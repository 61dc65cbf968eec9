const TAB = 9;
const CR = 13;
const SPACE = 32;
const DASH = 45;

/** RFC 2046 §5.1.1 allows 70; some mailers write more. Bytes. */
export const boundaryBytesMax = 250;
/** All boundaries of a message together. Bytes. */
export const boundarySetBytesMax = 65_536;

/** What parts stand in, and so what a boundary delimits: a multipart or message whose parts are at this depth. */
export type BoundaryOwner = {
  readonly depth: number;
  readonly isMultipart: boolean;
  /** A part of it has begun. */
  hasPart: boolean;
  /** multipart/digest */
  readonly digest: boolean;
  /** multipart/encrypted */
  readonly encrypted: boolean;
  /** It or one around it is a multipart/signed. */
  readonly signed: boolean;
};

/** What is around the whole message. */
export const outermost: Readonly<BoundaryOwner> = {
  depth: 0,
  isMultipart: false,
  hasPart: false,
  digest: false,
  encrypted: false,
  signed: false,
};

type Node = { next: Map<number, Node>; owner: BoundaryOwner | null };

/** A delimiter line: `close` when "--" follows the boundary, `tail` when more than blanks follows that, `inner` of others that fit. */
export type Delimiter = { owner: BoundaryOwner; close: boolean; tail: boolean; shorter: BoundaryOwner | null };

/**
 * Every boundary that a message has named so far, as a tree of bytes, so that a line is looked up in the time of its own length
 * however many there are. A boundary that only begins the line counts too: some mail readers compare no more than that.
 */
export class BoundarySet {
  readonly #root: Node = { next: new Map(), owner: null };
  #bytes = 0;
  #empty = true;

  get empty(): boolean {
    return this.#empty;
  }

  /**
   * Gives whose it is from now on: one that is taken by an owner that is open stays that one's. null: not taken, it would pass a cap or
   * is empty. Takes one character a byte.
   */
  add(boundary: string, owner: BoundaryOwner, isOpen: (owner: BoundaryOwner) => boolean): BoundaryOwner | null {
    this.#bytes += boundary.length;
    if (boundary.length === 0 || boundary.length > boundaryBytesMax || this.#bytes > boundarySetBytesMax) return null;
    this.#empty = false;
    let node = this.#root;
    for (let at = 0; at < boundary.length; at++) {
      const byte = boundary.charCodeAt(at);
      let next = node.next.get(byte);
      if (next === undefined) {
        next = { next: new Map(), owner: null };
        node.next.set(byte, next);
      }
      node = next;
    }
    if (node.owner === null || !isOpen(node.owner)) node.owner = owner;
    return node.owner;
  }

  /** Looks a line up; null when no boundary of ours begins it. The longest wins. */
  match(line: Uint8Array): Delimiter | null {
    if (line[0] !== DASH || line[1] !== DASH) return null;
    let node: Node | undefined = this.#root;
    let owner: BoundaryOwner | null = null;
    let shorter: BoundaryOwner | null = null;
    let end = 2;
    for (let at = 2; at < line.length; at++) {
      node = node.next.get(line[at] ?? -1);
      if (node === undefined) break;
      if (node.owner === null) continue;
      shorter = owner;
      owner = node.owner;
      end = at + 1;
    }
    if (owner === null) return null;
    const close = line[end] === DASH && line[end + 1] === DASH;
    const tail = line.subarray(close ? end + 2 : end).some((byte) => byte !== SPACE && byte !== TAB && byte !== CR);
    return { owner, close, tail, shorter };
  }
}
