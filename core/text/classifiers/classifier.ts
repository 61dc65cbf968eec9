/** A value that was found: in its plain form (no separators, upper case), and how many characters of the text it takes. */
export type Reading = { value: string; length: number };

/**
 * A format of numbers or secrets. `expression` is global and has no unbounded repetition, so that trying it at every place of a text
 * is linear; `read` then proves the candidate by its check digits, or refuses it with null.
 */
export type Classifier = {
  name: string;
  label: string;
  expression: RegExp;
  read: (candidate: string) => Reading | null;
  /** Too many other numbers pass its check: counts only near one of these words, unless the entry names its own. */
  near?: Proximity;
  /** Characters of a sample that stay readable at its beginning and end; never more than half of it. */
  shown: { first: number; last: number };
};

export type Proximity = { words: readonly string[]; within: number };

type Options = {
  near?: readonly string[];
  shown?: { first: number; last: number };
  /** Also lower case letters. */
  anyCase?: boolean;
};

/** Characters around a weak match that are looked through for its words. */
const nearCharacters = 200;

/** A format whose candidates are as long as the expression says, with blanks, dots, dashes and slashes between its characters. */
export function format(
  name: string,
  label: string,
  source: string,
  isValid: (value: string) => boolean,
  { near, shown = { first: 2, last: 2 }, anyCase = false }: Options = {},
): Classifier {
  return {
    name,
    label,
    expression: standingAlone(source, anyCase),
    read: (candidate) => {
      const value = plain(candidate);
      return isValid(value) ? { value, length: candidate.length } : null;
    },
    ...(near === undefined ? {} : { near: { words: near, within: nearCharacters } }),
    shown,
  };
}

/**
 * Not inside a longer number or code: no letter or digit beside it, nor a digit beyond a dot or dash. Only ASCII ones, because
 * Chinese and Japanese write numbers between letters without a blank.
 */
export function standingAlone(source: string, anyCase: boolean): RegExp {
  return new RegExp(`(?<![A-Za-z0-9]|\\d[.-])(?:${source})(?![A-Za-z0-9]|[.-]\\d)`, anyCase ? "gi" : "g");
}

export function plain(candidate: string): string {
  return candidate.replace(/[ \n./-]/g, "").toUpperCase();
}
