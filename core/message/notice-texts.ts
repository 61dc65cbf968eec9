import { de } from "./notice-texts/de.ts";
import { en } from "./notice-texts/en.ts";
import { es } from "./notice-texts/es.ts";
import { fr } from "./notice-texts/fr.ts";
import { it } from "./notice-texts/it.ts";
import { nl } from "./notice-texts/nl.ts";
import type { NoticeTexts } from "./notice-texts/notice-text.ts";
import { pl } from "./notice-texts/pl.ts";
import { pt } from "./notice-texts/pt.ts";

/** Our own texts; the contract has the same list of languages. */
export const noticeTexts = { en, de, fr, es, it, nl, pl, pt } as const satisfies Record<string, NoticeTexts>;

export type NoticeLanguage = keyof typeof noticeTexts;
