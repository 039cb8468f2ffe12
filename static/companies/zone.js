// The browser knows in which time zone the person sits; a form that wants to know gets it before it is sent.
for (const field of document.querySelectorAll("input[data-browser-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
