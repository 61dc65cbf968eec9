/**
 * RFC 4013, as far as it changes what people type: other blanks become a blank, invisible characters go, and what looks the
 * same is written the same (NFKC). ASCII stays as it is.
 */
export function saslPrep(text: string): string {
  return text
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, " ") // RFC 3454 table C.1.2
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g, "") // table B.1
    .normalize("NFKC");
}
