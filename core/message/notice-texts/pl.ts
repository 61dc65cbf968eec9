import type { NoticeTexts } from "./notice-text.ts";

export const pl: NoticeTexts = {
  notices: {
    stripped: [
      "Usunięto załącznik tej wiadomości.",
      "",
      "Plik:          %(filename)%",
      "Typ:           %(type)%",
      "Wirus:         %(virus)%",
      "Powód:         %(reason)%",
      "Identyfikator: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    locked: [
      "Załącznik tej wiadomości został zatrzymany w zamknięciu.",
      "",
      "Plik:          %(filename)%",
      "Typ:           %(type)%",
      "Wirus:         %(virus)%",
      "Powód:         %(reason)%",
      "Identyfikator: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    replaced: [
      "Brama pocztowa zatrzymała treść tej wiadomości.",
      "",
      "Wirus:         %(virus)%",
      "Powód:         %(reason)%",
      "Identyfikator: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    quarantined: [
      "Brama pocztowa umieściła tę wiadomość w kwarantannie.",
      "",
      "Wirus:         %(virus)%",
      "Powód:         %(reason)%",
      "Identyfikator: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    released: [
      "Ta wiadomość była zatrzymana, a teraz została zwolniona.",
      "",
      "Od:            %(sender)%",
      "Temat:         %(subject)%",
      "Zatrzymana od: %(date)%",
      "Identyfikator: %(id)%",
      "",
      "%(recovery)%",
    ].join("\n"),
  },
  recoveries: {
    stripped:
      "Nie został zachowany. Jeśli jest potrzebny, proszę zwrócić się do: %(contact)%, podając powyższy identyfikator.",
    locked:
      "Jest przechowywany przez pewien czas. Jeśli jest potrzebny, proszę zwrócić się do: %(contact)%, podając powyższy identyfikator.",
    replaced:
      "Oryginał pozostaje w skrzynce, dopóki program pocztowy go tam nie usunie. Jeśli jest potrzebny, proszę zwrócić się do: %(contact)%, podając powyższy identyfikator.",
    quarantined:
      "Jest przechowywana przez pewien czas. Jeśli jest potrzebna, proszę zwrócić się do: %(contact)%, podając powyższy identyfikator. Po zwolnieniu proszę pobrać tę wiadomość ponownie.",
    released: "W razie pytań proszę zwrócić się do: %(contact)%, podając powyższy identyfikator.",
  },
  administrator: "administrator poczty",
  reasons: {
    header: "Zasady nie dopuszczają takiego nagłówka.",
    attachment: "Zasady nie dopuszczają załącznika.",
    policy: "Zasady na to nie pozwalają.",
    uninspectable: "Nie można sprawdzić zawartości.",
    "too-large": "Zawartość jest zbyt duża, aby ją sprawdzić.",
    "line-too-long": "Jeden z wierszy jest zbyt długi, aby go sprawdzić.",
    malware: "Znaleziono złośliwe oprogramowanie.",
    encrypted: "Zawartość jest zaszyfrowana i nie można jej sprawdzić.",
    unwanted: "Wiadomość wygląda na niechcianą.",
  },
};
