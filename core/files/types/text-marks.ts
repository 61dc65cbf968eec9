import type { FileType } from "./file-types.ts";

/** A text is of the type when it begins so, after blanks. In order, the first that fits wins. */
export const textBeginnings: readonly [pattern: RegExp, type: FileType][] = [
  // Word opens whatever begins with these four characters.
  [/^\{\\rt/, "application/rtf"],
  [/^%!PS/, "application/postscript"],
  [/^#@~\^/, "text/x-script-encoded"],
  [/^#![^\n]{0,200}\b(?:ba|da|z|k|a|c|tc|fi)?sh\b/, "text/x-shellscript"],
  [/^#![^\n]{0,200}\bpython/, "text/x-python"],
  [/^#![^\n]{0,200}\bperl/, "text/x-perl"],
  [/^#![^\n]{0,200}\bruby/, "text/x-ruby"],
  [/^#![^\n]{0,200}\bphp/, "text/x-php"],
  [/^#![^\n]{0,200}\b(?:node|deno|bun|osascript)/, "text/javascript"],
  [/^#![^\n]{0,200}\b(?:pwsh|powershell)/, "text/x-powershell"],
  [/^#![ \t]?\//, "text/x-shellscript"],
  [/^<\?(?:php|=)/i, "text/x-php"],
  [/^\[InternetShortcut(?:\.[AW])?\]/i, "application/x-mswinurl"],
  [/^\[Desktop Entry\]/i, "application/x-desktop"],
  [/^\[(?:Shell|autorun(?:\.[a-z0-9]{1,10})?|\.ShellClassInfo)\]/i, "application/x-setupscript"],
  [
    /^(?:(?:;[^\n]{0,500}|\r)?\n){0,20}\[version\]\s{0,20}[^[]{0,500}signature\s{0,10}=\s{0,10}"?\$/i,
    "application/x-setupscript",
  ],
  [/^(?:Windows Registry Editor Version 5\.00|REGEDIT4)/, "text/x-ms-regedit"],
  [/^(?:[a-z ]{3,40}:[isb]:[^\n]{0,500}\n){0,60}full address:s:/i, "application/x-rdp"],
  [/^ID;P/, "application/x-sylk"],
  [/^WEB\r?\n1\r?\n/i, "application/x-ms-web-query"],
  [/^BEGIN:VCARD\r?\n/i, "text/vcard"],
  [/^BEGIN:VCALENDAR\r?\n/i, "text/calendar"],
  [/^-----BEGIN PGP MESSAGE-----/, "application/pgp-encrypted"],
  [/^-----BEGIN PGP (?:PUBLIC|PRIVATE) KEY BLOCK-----/, "application/pgp-keys"],
  [/^-----BEGIN PGP SIGN(?:ATURE|ED MESSAGE)-----/, "application/pgp-signature"],
  [/^-----BEGIN (?:PKCS7|CMS)-----/, "application/pkcs7-mime"],
  [/^-----BEGIN [A-Z0-9 ]{3,40}-----/, "application/x-pem-file"],
];

/** A mark counts once, wherever it stands; a type is given to texts that reach `textMarksMin`. */
export type TextMark = { pattern: RegExp; weight: number; type: FileType };

export const textMarksMin = 4;
/** Outdoes every sum: a page with such a mark in it is a program. */
export const decisive = 1_000;

function marks(type: FileType, list: readonly [weight: number, pattern: RegExp][]): TextMark[] {
  return list.map(([weight, pattern]) => ({ pattern, weight, type }));
}

/**
 * What scripts and pages are known by. None is reached by prose that names a command or quotes one line: a type needs one mark that
 * only it has or several that it commonly has. Every pattern is bounded, so that the time is linear in the text.
 */
export const textMarks: readonly TextMark[] = [
  ...marks("application/hta", [[decisive, /<hta:application[\s>/]/i]]),
  ...marks("text/x-windows-script", [
    [decisive, /<(?:scriptlet|package)[\s>][^<]{0,400}<(?:registration|job|component|public|script|\?)[\s>]/i],
    [decisive, /<job[\s>][^<]{0,400}<(?:script|object|reference|runtime|\?job)[\s>]/i],
    [decisive, /<ms(?:xsl)?:script[\s>]/i],
  ]),
  ...marks("application/x-ms-shell-xml", [
    [decisive, /<(?:PCSettings|libraryDescription|persistedQuery|searchConnectorDescription)[\s>]/],
  ]),
  ...marks("text/x-php", [
    [decisive, /<\?php[\s(]/i],
    [2, /<\?=\s{0,10}\$/],
  ]),
  ...marks("text/html", [
    [2, /<!doctype\s{1,20}html/i],
    [2, /<html[\s>]/i],
    [1, /<\/html>/i],
    [1, /<head[\s>]/i],
    [2, /<body[\s>]/i],
    [2, /<script[\s>/]/i],
    [2, /<\/script[\s>]/i],
    [2, /<iframe[\s>]/i],
    [2, /<meta\s[^<>]{0,200}(?:http-equiv|charset|content)\s{0,10}=/i],
    [2, /<(?:form|input|object|embed|applet|base|link)\s[^<>]{0,200}=/i],
    [1, /<(?:div|span|table|td|font|center|style|title|p|br|h[1-6]|ul|li)(?:\s[^<>]{0,400})?\/?>/i],
    [2, /<(?:a|img)\s[^<>]{0,400}(?:href|src)\s{0,10}=/i],
    [3, /<[a-z][a-z0-9]{0,20}\s[^<>]{0,400}\son(?:load|error|click|mouseover|focus|toggle|begin)\s{0,10}=/i],
  ]),
  ...marks("text/vbscript", [
    [2, /\bCreateObject\s{0,4}\(/i],
    [2, /^[ \t]{0,40}Set\s{1,4}\w{1,60}\s{0,4}=\s{0,4}(?:CreateObject|GetObject|\w{1,60}\.)/im],
    [3, /^[ \t]{0,40}On\s{1,4}Error\s{1,4}(?:Resume\s{1,4}Next|GoTo)/im],
    [2, /^[ \t]{0,40}End\s(?:Sub|Function|If|With)\b[ \t]{0,40}(?:'[^\n]{0,200})?\r?$/im],
    [1, /^[ \t]{0,40}(?:Public\s|Private\s)?(?:Sub|Function)\s\w{1,60}\s{0,4}\(/im],
    [1, /^[ \t]{0,40}Dim\s\w{1,60}/im],
    [2, /\bChrW?\s{0,4}\(\s{0,4}(?:&H)?[0-9A-F]{1,5}\s{0,4}\)\s{0,4}[&+]/i],
    [2, /\bExecute(?:Global)?\s{0,4}[( ]\s{0,4}\w{1,60}\s{0,4}\(/i],
    [2, /\bWScript\.(?:Shell|Echo|Arguments|Quit|Sleep|ScriptFullName|CreateObject)/i],
    [2, /^[ \t]{0,40}Option\s{1,4}Explicit\b/im],
    [1, /\bMsgBox\s{0,4}[( ]/i],
  ]),
  ...marks("text/javascript", [
    [4, /\bnew\s{1,4}ActiveXObject\s{0,4}\(/],
    [4, /\bWScript\.CreateObject\s{0,4}\(/],
    [2, /\bWScript\.(?:Echo|Quit|Sleep|Arguments|ScriptFullName)/],
    [2, /^[ \t]{0,40}(?:var|let|const)\s{1,4}[\w$]{1,60}\s{0,4}=/m],
    [2, /\bfunction\s{0,4}[\w$]{0,60}\s{0,4}\([\w$, ]{0,200}\)\s{0,4}\{/],
    [1, /\beval\s{0,4}\(/],
    [2, /\bString(?:\.fromCharCode|\[["'])/],
    [2, /\b(?:unescape|atob|decodeURIComponent)\s{0,4}\(/],
    [2, /\b(?:document|window|console)\.(?:write|location|getElementById|createElement|cookie|log|addEventListener)\b/],
    [2, /^[ \t]{0,40}["']use strict["'];?/m],
    [1, /\)\s{0,4}=>\s{0,4}[{(\w]/],
    [2, /\brequire\s{0,4}\(\s{0,4}["']/],
    [2, /^[ \t]{0,40}(?:import\s[^;\n]{1,200}\sfrom\s{0,4}["']|export\s(?:default|const|function|class)\s)/m],
    [1, /\}\s{0,4}catch\s{0,4}\(\w{1,40}\)\s{0,4}\{/],
    [1, /\}\s{0,4}\)\s{0,4}\(\s{0,4}\)\s{0,4};/],
  ]),
  ...marks("text/x-powershell", [
    [1, /^[ \t]{0,40}\$\w{1,60}(?:\.\w{1,60}|\[\w{1,60}\])?\s{0,4}=/m],
    [3, /\b(?:Invoke-Expression|Invoke-WebRequest|Invoke-Command|DownloadString|DownloadFile)\b/i],
    [2, /(?:^|[|;(&]\s{0,4})iex\s{0,4}[($"']/im],
    [2, /\bNew-Object\s{1,4}[\w.-]{1,80}/i],
    [
      2,
      /^[ \t]{0,40}(?:Get|Set|New|Start|Stop|Write|Add|Remove|Import|Copy|Out|Test)-[A-Z]\w{2,40}(?:\s{1,4}[-$"']|\s{0,4}[|;]|\r?$)/m,
    ],
    [2, /\[(?:System\.|Convert\]::|Text\.Encoding\]::|Reflection\.|IO\.|Net\.)/i],
    [2, /\bFromBase64String\b/i],
    [1, /^[ \t]{0,40}param\s{0,4}\(/im],
    [2, /\bpowershell(?:\.exe)?\s{1,4}-(?:e|en|enc|w|nop|c|ex|f)\w{0,20}\s/i],
    [2, /^[ \t]{0,40}\[CmdletBinding\(/im],
    [1, /\s-(?:ErrorAction|ExecutionPolicy|ComObject|ArgumentList|FilePath|ItemType)\b/i],
  ]),
  ...marks("text/x-msdos-batch", [
    [4, /^[ \t]{0,40}@echo[ \t]{1,4}off\b/im],
    [2, /^[ \t]{0,40}@?(?:setlocal|endlocal)\b/im],
    [2, /%~[a-z]{0,6}[0-9]/i],
    [1, /^[ \t]{0,40}@?set\s(?:\/[ap]\s)?"?\w{1,60}=/im],
    [1, /^[ \t]{0,40}@?(?:goto\s{1,4}:?\w{1,60}|exit\s{1,4}\/b|pause)\b/im],
    [1, /^[ \t]{0,40}:\w{1,60}[ \t]{0,40}\r?$/m],
    [2, /^[ \t]{0,40}@?if\s(?:not\s)?(?:exist|errorlevel|defined)\s/im],
    [
      2,
      /^[ \t]{0,40}@?(?:start|call|cmd(?:\.exe)?|del|copy|xcopy|reg|rundll32|regsvr32|mshta|certutil|bitsadmin|schtasks|wscript|cscript)(?:\.exe)?\s{1,4}[/"%-]/im,
    ],
    [
      2,
      /^[ \t]{0,40}@?(?:powershell|cmd|mshta|rundll32|regsvr32|certutil|bitsadmin)(?:\.exe)?\s[^\n]{0,400}(?:https?:|-enc|\/c\s|-w\s{0,2}h)/im,
    ],
    [2, /^[ \t]{0,40}@?for\s{1,4}(?:\/[a-z]\s{1,4})?[^\n]{0,200}%%\w/im],
  ]),
  ...marks("text/x-shellscript", [
    [2, /^[ \t]{0,40}if\s{1,4}(?:\[\[?|test)\s[^\n]{0,200};?\s{0,4}then\b/m],
    [2, /^[ \t]{0,40}(?:fi|esac|done)[ \t]{0,40}(?:;|\r?$)/m],
    [4, /\b(?:curl|wget)\s[^\n|]{0,400}\|\s{0,4}(?:sudo\s{1,4})?(?:ba|z|da)?sh\b/],
    [1, /^[ \t]{0,40}(?:export|local)\s{1,4}\w{1,60}=/m],
    [1, /^[ \t]{0,40}\w{1,60}=\$\(/m],
    [1, /\bchmod\s{1,4}(?:\+x|[0-7]{3,4})\s/],
  ]),
  ...marks("text/x-python", [
    [1, /^import\s{1,4}[\w.]{1,60}(?:,|\s{1,4}as\s|\r?$)/m],
    [2, /^from\s{1,4}[\w.]{1,60}\s{1,4}import\s/m],
    [2, /^[ \t]{0,40}(?:async\s{1,4})?def\s{1,4}\w{1,60}\([^\n]{0,300}\)[^\n:]{0,100}:/m],
    [2, /^class\s{1,4}\w{1,60}(?:\([^\n)]{0,100}\))?:/m],
    [3, /^if\s{1,4}__name__\s{0,4}==/m],
    [1, /\b(?:exec|eval|__import__)\(\s{0,4}(?:base64|zlib|compile|bytes|["'])/],
    [1, /^[ \t]{0,40}(?:print\(|self\.\w{1,60}\s{0,4}=|except\s{1,4}\w{1,60})/m],
  ]),
];

/** Tags with which a page begins for browsers that look at content (WHATWG MIME Sniffing §7.1). */
export const htmlBeginning =
  /^(?:<!--[^>]{0,2000}-->\s{0,200}){0,5}<(?:!doctype\s{1,20}html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|img|form|center|span|object|embed|base|frameset|marquee|input|button|video|audio|template)(?:[\s>/]|$)/i;
