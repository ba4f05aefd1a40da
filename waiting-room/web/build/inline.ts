import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * Puts the built script and style into the page itself and lets nothing else run but our own files beside it: a policy
 * with their hashes travels in the page, so that it holds wherever the page is served from. What the page imports when
 * it is needed stays a file, below `_/`.
 */
export function inline(): Plugin {
  return {
    name: "inline",
    enforce: "post",
    // What Vite wraps around each `import()` looks for style sheets to load first. Ours have none: every byte travels.
    load: {
      order: "pre",
      handler: (source) => (source.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null),
    },
    generateBundle(_options, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("the build made no index.html");
      let script = "";
      let style = "";
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "chunk" && !file.isEntry) {
          if (file.imports.length) throw new Error(`${name} shares code with the page: hand it over as arguments instead`);
          continue;
        }
        if (file.type === "chunk") script += file.code.trim().replaceAll(",__VITE_PRELOAD__", "");
        else if (name.endsWith(".css")) style += String(file.source).trim();
        else continue;
        delete bundle[name];
      }
      const policy =
        `default-src 'none';script-src 'self' ${hash(script)};style-src ${hash(style)};` +
        "connect-src 'self';img-src data:;base-uri 'none';form-action 'none'";
      page.source = String(page.source)
        .replace(/<script type="module"[^>]*><\/script>/, "")
        .replace(/<link rel="stylesheet"[^>]*>/, "")
        .replace(/<!--(?!\/?(?:name|place|logo|house|style)-->).*?-->/gs, "")
        .replace(/>\s+</g, "><")
        .replace(/\s+/g, " ")
        .replace('<meta name="viewport"', `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport"`)
        .replace("</head>", () => `<style>${style}</style><!--style--><!--/style--></head>`)
        .replace("</body>", () => `<script type="module">${script}</script></body>`)
        .trim();
    },
  };
}
