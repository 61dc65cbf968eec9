function named(...endings: string[]): string[] {
  return endings.map((ending) => `*.${ending}`);
}

/** Names of files that run when they are opened: programs, scripts, installers, shortcuts, help with scripts, disk images. */
export const runnableFileNames: readonly string[] = [
  ...named("exe", "com", "scr", "pif", "cpl", "msi", "msp", "mst", "dll", "sys", "drv", "gadget", "application"),
  ...named("bat", "cmd", "ps1", "psm1", "psd1", "ps1xml", "psc1", "msh", "vb", "vbs", "vbe", "vbp", "js", "jse", "mjs"),
  ...named("ws", "wsf", "wsh", "wsc", "sct", "hta", "reg", "inf", "ins", "isp", "shb", "shs", "sh", "py", "pyc", "pyz"),
  ...named("jar", "jnlp", "class", "apk", "appx", "appxbundle", "msix", "appref-ms", "deb", "rpm", "dmg", "pkg", "app"),
  ...named("lnk", "url", "scf", "library-ms", "search-ms", "settingcontent-ms", "website", "theme", "rdp", "diagcab"),
  ...named(
    "chm",
    "hlp",
    "cab",
    "iso",
    "img",
    "vhd",
    "vhdx",
    "udl",
    "xbap",
    "xll",
    "slk",
    "iqy",
    "rqy",
    "one",
    "onepkg",
  ),
];

/** Office documents that carry programs. */
export const macroFileNames: readonly string[] = named(
  "docm",
  "dotm",
  "xlsm",
  "xltm",
  "xlam",
  "pptm",
  "potm",
  "ppam",
  "ppsm",
  "sldm",
);
