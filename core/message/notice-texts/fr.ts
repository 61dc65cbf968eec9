import type { NoticeTexts } from "./notice-text.ts";

export const fr: NoticeTexts = {
  notices: {
    stripped: [
      "Une pièce jointe de ce message a été retirée.",
      "",
      "Fichier :     %(filename)%",
      "Type :        %(type)%",
      "Virus :       %(virus)%",
      "Motif :       %(reason)%",
      "Identifiant : %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    locked: [
      "Une pièce jointe de ce message a été mise sous clé.",
      "",
      "Fichier :     %(filename)%",
      "Type :        %(type)%",
      "Virus :       %(virus)%",
      "Motif :       %(reason)%",
      "Identifiant : %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    replaced: [
      "La passerelle de messagerie a retenu le contenu de ce message.",
      "",
      "Virus :       %(virus)%",
      "Motif :       %(reason)%",
      "Identifiant : %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    quarantined: [
      "La passerelle de messagerie a mis ce message en quarantaine.",
      "",
      "Virus :       %(virus)%",
      "Motif :       %(reason)%",
      "Identifiant : %(id)%",
      "",
      "%(recovery)%",
      "%(quarantine_link)%",
    ].join("\n"),
    released: [
      "Ce message avait été retenu et vient d’être libéré.",
      "",
      "De :            %(sender)%",
      "Objet :         %(subject)%",
      "Retenu depuis : %(date)%",
      "Identifiant :   %(id)%",
      "",
      "%(recovery)%",
    ].join("\n"),
  },
  recoveries: {
    stripped:
      "Elle n’a pas été conservée. Si vous en avez besoin, adressez-vous à %(contact)% en indiquant l’identifiant ci-dessus.",
    locked:
      "Elle est conservée pendant un certain temps. Si vous en avez besoin, adressez-vous à %(contact)% en indiquant l’identifiant ci-dessus.",
    replaced:
      "L’original reste dans la boîte aux lettres jusqu’à ce que votre logiciel de messagerie l’y supprime. Si vous en avez besoin, adressez-vous à %(contact)% en indiquant l’identifiant ci-dessus.",
    quarantined:
      "Il est conservé pendant un certain temps. Si vous en avez besoin, adressez-vous à %(contact)% en indiquant l’identifiant ci-dessus. Une fois le message libéré, relevez-le de nouveau.",
    released: "Pour toute question, adressez-vous à %(contact)% en indiquant l’identifiant ci-dessus.",
  },
  administrator: "votre administrateur de messagerie",
  reasons: {
    header: "L’en-tête n’est pas autorisé par les règles.",
    attachment: "Une pièce jointe n’est pas autorisée par les règles.",
    policy: "Ceci n’est pas autorisé par les règles.",
    uninspectable: "Le contenu ne peut pas être inspecté.",
    "too-large": "Le contenu est trop volumineux pour être inspecté.",
    "line-too-long": "Une ligne est trop longue pour être inspectée.",
    malware: "Un logiciel malveillant a été trouvé.",
    encrypted: "Le contenu est chiffré et ne peut pas être inspecté.",
    unwanted: "Le message semble être indésirable.",
  },
};
