// What RxPlayer's reader finds in a BIF file, the first argument: each picture goes into the folder that is
// the second one, under its time in ms.
const fs = require("fs");
const path = require("path");
const { parseBifThumbnails } = require("rx-player/tools");

const [file, folder] = process.argv.slice(2);
const bytes = new Uint8Array(fs.readFileSync(file));
for (const { startTime, image } of parseBifThumbnails(bytes.buffer).images) {
  fs.writeFileSync(path.join(folder, `${startTime}.jpg`), Buffer.from(image));
}
