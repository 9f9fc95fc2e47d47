// What every page loads. One behaviour a file; each page works without them.
import "htmx.org";
import "./live.js";
import "./focus.js";
import "./menu.js";
import "./dialogs.js";
import "./session.js";
import "./theme.js";
import "./password.js";
import "./passkey.js";
import "./file.js"; // before what replays forms
import "./replay.js";
import "./letter.js";
import "./leaving.js";
import "./reveal.js";
import "./autosave.js";
import "./date-range.js";
import "./search-key.js";
import "./bell.js";
import "./batch.js";
import "./day-picker.js";
import "./photo-crop.js";
import "./mail.js";
import "./mail-live.js";

document.documentElement.classList.remove("no-js");
