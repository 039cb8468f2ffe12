// The portal's behaviour, in small modules. Every page works without them; they make it quicker.
import "./menus.js";
import "./overlays.js";
import "./shortcuts.js";
import "./lists.js";
import "./snacks.js";
import "./copy.js";
import "./theme.js";
import "./scrollers.js";
