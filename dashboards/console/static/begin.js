// First thing in the body: tells the style sheet that scripts run. A file, since inline scripts are refused.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
