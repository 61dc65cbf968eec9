import type { NoticeTexts } from "./notice-text.ts";

export const de: NoticeTexts = {
  notices: {
    stripped: [
      "Ein Anhang dieser Nachricht wurde entfernt.",
      "",
      "Datei:   %(filename)%",
      "Typ:     %(type)%",
      "Virus:   %(virus)%",
      "Grund:   %(reason)%",
      "Kennung: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    locked: [
      "Ein Anhang dieser Nachricht wurde unter Verschluss genommen.",
      "",
      "Datei:   %(filename)%",
      "Typ:     %(type)%",
      "Virus:   %(virus)%",
      "Grund:   %(reason)%",
      "Kennung: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    replaced: [
      "Das Mail-Gateway hat den Inhalt dieser Nachricht zurückgehalten.",
      "",
      "Virus:   %(virus)%",
      "Grund:   %(reason)%",
      "Kennung: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    quarantined: [
      "Das Mail-Gateway hat diese Nachricht in Quarantäne genommen.",
      "",
      "Virus:   %(virus)%",
      "Grund:   %(reason)%",
      "Kennung: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    released: [
      "Diese Nachricht war zurückgehalten worden und wurde nun freigegeben.",
      "",
      "Von:                 %(sender)%",
      "Betreff:             %(subject)%",
      "Zurückgehalten seit: %(date)%",
      "Kennung:             %(id)%",
      "",
      "%(recovery)%",
    ].join("\n"),
  },
  recoveries: {
    stripped:
      "Er wurde nicht aufbewahrt. Wenn Sie ihn brauchen, wenden Sie sich an %(contact)% und nennen Sie die Kennung oben.",
    locked:
      "Er wird eine Zeit lang aufbewahrt. Wenn Sie ihn brauchen, wenden Sie sich an %(contact)% und nennen Sie die Kennung oben.",
    replaced:
      "Das Original bleibt im Postfach, bis Ihr Mailprogramm es dort löscht. Wenn Sie es brauchen, wenden Sie sich an %(contact)% und nennen Sie die Kennung oben.",
    quarantined:
      "Sie wird eine Zeit lang aufbewahrt. Wenn Sie sie brauchen, wenden Sie sich an %(contact)% und nennen Sie die Kennung oben. Rufen Sie diese Nachricht nach der Freigabe erneut ab.",
    released: "Bei Fragen wenden Sie sich an %(contact)% und nennen Sie die Kennung oben.",
  },
  administrator: "Ihre Mail-Administration",
  reasons: {
    header: "Ihr Kopf ist nach den Richtlinien nicht erlaubt.",
    attachment: "Ein Anhang ist nach den Richtlinien nicht erlaubt.",
    policy: "Das ist nach den Richtlinien nicht erlaubt.",
    uninspectable: "Eine Prüfung ist nicht möglich.",
    "too-large": "Zu groß, um geprüft zu werden.",
    "line-too-long": "Eine Zeile ist zu lang, um geprüft zu werden.",
    malware: "Schadsoftware wurde gefunden.",
    encrypted: "Verschlüsselt, eine Prüfung ist nicht möglich.",
    unwanted: "Vermutlich unerwünschte Werbung.",
  },
};
