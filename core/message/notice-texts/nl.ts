import type { NoticeTexts } from "./notice-text.ts";

export const nl: NoticeTexts = {
  notices: {
    stripped: [
      "Een bijlage van dit bericht is verwijderd.",
      "",
      "Bestand: %(filename)%",
      "Type:    %(type)%",
      "Virus:   %(virus)%",
      "Reden:   %(reason)%",
      "Kenmerk: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    locked: [
      "Een bijlage van dit bericht is achter slot gezet.",
      "",
      "Bestand: %(filename)%",
      "Type:    %(type)%",
      "Virus:   %(virus)%",
      "Reden:   %(reason)%",
      "Kenmerk: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    replaced: [
      "De mailgateway heeft de inhoud van dit bericht tegengehouden.",
      "",
      "Virus:   %(virus)%",
      "Reden:   %(reason)%",
      "Kenmerk: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    quarantined: [
      "De mailgateway heeft dit bericht in quarantaine geplaatst.",
      "",
      "Virus:   %(virus)%",
      "Reden:   %(reason)%",
      "Kenmerk: %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    released: [
      "Dit bericht was tegengehouden en is nu vrijgegeven.",
      "",
      "Van:                 %(sender)%",
      "Onderwerp:           %(subject)%",
      "Tegengehouden sinds: %(date)%",
      "Kenmerk:             %(id)%",
      "",
      "%(recovery)%",
    ].join("\n"),
  },
  recoveries: {
    stripped:
      "De bijlage is niet bewaard. Hebt u haar nodig, neem dan contact op met %(contact)% en noem het kenmerk hierboven.",
    locked:
      "De bijlage wordt een tijd bewaard. Hebt u haar nodig, neem dan contact op met %(contact)% en noem het kenmerk hierboven.",
    replaced:
      "Het origineel blijft in de mailbox totdat uw mailprogramma het daar verwijdert. Hebt u het nodig, neem dan contact op met %(contact)% en noem het kenmerk hierboven.",
    quarantined:
      "Het wordt een tijd bewaard. Hebt u het nodig, neem dan contact op met %(contact)% en noem het kenmerk hierboven. Haal dit bericht na de vrijgave opnieuw op.",
    released: "Hebt u vragen, neem dan contact op met %(contact)% en noem het kenmerk hierboven.",
  },
  administrator: "uw mailbeheerder",
  reasons: {
    header: "De kop is volgens het beleid niet toegestaan.",
    attachment: "Een bijlage is volgens het beleid niet toegestaan.",
    policy: "Dit is volgens het beleid niet toegestaan.",
    uninspectable: "De inhoud kan niet worden gecontroleerd.",
    "too-large": "De inhoud is te groot om te worden gecontroleerd.",
    "line-too-long": "Een regel is te lang om te worden gecontroleerd.",
    malware: "Er is schadelijke software gevonden.",
    encrypted: "De inhoud is versleuteld en kan niet worden gecontroleerd.",
    unwanted: "Dit lijkt ongewenste mail.",
  },
};
