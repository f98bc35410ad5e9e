/**
 * Build what the pages load: one style sheet, the fonts with their licences, and GOV.UK
 * Frontend's script. Everything lands in static/build/, which git ignores, so no other
 * project's code is kept in this one.
 */
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..", "node_modules");
const built = join(here, "build");
// Made beside what pages are being served from, and put in its place in one step.
const build = join(here, `build-${process.pid}`);

// The typefaces and cuts in use. The screen needs the upright cuts at 400 and 600; the printed
// report also has a bold and two italics. "latin-ext" brings ŵ, ŷ, ł, ş and their like.
const FONTS = {
  "source-sans-3": ["400-normal", "400-italic", "600-normal", "700-normal"],
  "source-serif-4": ["400-italic", "600-normal"],
};
const ALPHABETS = ["latin", "latin-ext"];

function buildStyleSheet() {
  const { css } = compile(join(here, "scss", "main.scss"), {
    style: "compressed",
    loadPaths: [packages],
    quietDeps: true,
  });
  writeFileSync(join(build, "planner.css"), css);
}

function copyFonts() {
  const fonts = join(build, "fonts");
  mkdirSync(fonts);
  for (const [face, cuts] of Object.entries(FONTS)) {
    const source = join(packages, "@fontsource", face);
    cpSync(join(source, "LICENSE"), join(fonts, `OFL-${face}.txt`));
    for (const alphabet of ALPHABETS) {
      for (const cut of cuts) {
        const name = `${face}-${alphabet}-${cut}.woff2`;
        cpSync(join(source, "files", name), join(fonts, name));
      }
    }
  }
}

function copyScript() {
  const script = join(packages, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js");
  // Its source map is not shipped, so the line that names it would be a link to nothing.
  const code = readFileSync(script, "utf8").replace(/\/\/# sourceMappingURL=\S+\s*$/, "\n");
  writeFileSync(join(build, "govuk-frontend.min.js"), code);
}

try {
  mkdirSync(build);
  buildStyleSheet();
  copyFonts();
  copyScript();
  rmSync(built, { recursive: true, force: true });
  renameSync(build, built);
} finally {
  rmSync(build, { recursive: true, force: true });
}
