//! The words of what is proposed, and how many minutes it takes.

/// A template, and minutes.
type Row = (&'static str, u32);

/// Steps towards a task, whose title stands where the braces are.
#[rustfmt::skip]
pub(super) const STEPS: &[Row] = &[
    ("Give '{}' five minutes, then decide whether to go on.", 5),
    ("Lay out what you need for '{}'. Only that, nothing more.", 3),
    ("Write down the very first move of '{}' on a scrap of paper.", 2),
    ("Start '{}' badly on purpose. It can be mended later.", 10),
    ("Set a timer for ten minutes and begin '{}'.", 10),
    ("Do the smallest part of '{}' that still counts.", 5),
    ("Clear a small space, and put only '{}' into it.", 4),
    ("Tell one person that you are about to begin '{}'.", 2),
    ("Name the one thing that stands in the way of '{}'.", 3),
    ("Cut '{}' into three pieces and take up the first.", 8),
    ("Open whatever '{}' needs, and look at it for two minutes.", 2),
    ("Choose the hour in which '{}' will be done, and note it.", 2),
    ("Do '{}' standing up, before you sit down again.", 10),
    ("Finish one corner of '{}'. Leave the rest in peace.", 15),
    ("Read through what is there for '{}' once, slowly.", 6),
    ("Ask yourself what done would look like for '{}', in one line.", 3),
    ("Put the phone away, and let '{}' have you for a while.", 15),
    ("Fetch the one tool that '{}' has been waiting for.", 4),
    ("Make the dull part of '{}' first, with some music.", 12),
    ("Decide what '{}' can do without, and strike it out.", 4),
    ("Try '{}' for as long as a kettle takes to boil.", 4),
    ("Write the question that '{}' raises, and whom to ask.", 3),
    ("Go to the place where '{}' happens. The rest may follow.", 5),
    ("Do what takes two minutes of '{}', right where you are.", 2),
    ("Picture '{}' finished tonight, then do its first step.", 5),
    ("Take '{}' to the next natural stop, and no further.", 20),
    ("Prepare '{}' so that tomorrow it only has to be begun.", 8),
    ("Give '{}' the first quiet quarter of an hour you find.", 15),
    ("Loosen one knot in '{}'. Any knot will do.", 7),
    ("Begin '{}' in the middle, where it is easiest.", 10),
];

/// Pauses.
#[rustfmt::skip]
pub(super) const PAUSES: &[Row] = &[
    ("Look out of the window until something moves.", 2),
    ("Drink a glass of water, sitting down.", 2),
    ("Stand up and let your arms hang for ten breaths.", 1),
    ("Walk to the end of the street and back without hurry.", 8),
    ("Close your eyes and count four sounds near you.", 2),
    ("Warm your hands around a cup, and do only that.", 5),
    ("Roll your shoulders back five times, then forward five.", 1),
    ("Lie on the floor for three minutes and let it hold you.", 3),
    ("Open a window and let the room change its air.", 3),
    ("Put on one song and listen to it to the end.", 4),
    ("Wash your face with cool water, and take your time.", 2),
    ("Rest your eyes on something green for a minute.", 1),
    ("Breathe out longer than you breathe in, eight times.", 2),
    ("Step outside the door and feel what the weather is.", 3),
    ("Stretch towards the ceiling, then fold towards the floor.", 2),
    ("Eat a piece of fruit away from every screen.", 5),
    ("Sit where you never sit, for as long as a cup of tea.", 6),
    ("Shake out both hands until they tingle.", 1),
    ("Turn the screen off and watch the light in the room.", 3),
    ("Do nothing for two minutes. It does not have to be good.", 2),
];

/// Questions.
#[rustfmt::skip]
pub(super) const QUESTIONS: &[Row] = &[
    ("What would make the rest of today feel light?", 2),
    ("Which of your plans would you not begin again today?", 3),
    ("Whom have you been meaning to thank?", 2),
    ("What are you carrying that could wait until Monday?", 2),
    ("What went well this week, without anybody noticing?", 3),
    ("Which small thing would you be glad to have behind you?", 1),
    ("When did you last laugh, and who was there?", 2),
    ("What is the kindest way to spend the next hour?", 2),
    ("What are you waiting for that you could ask about?", 2),
    ("Which promise to yourself is the easiest to keep today?", 2),
    ("What would you do now if nobody needed anything?", 3),
    ("Which habit has quietly served you well this year?", 3),
    ("What did you learn yesterday that surprised you?", 2),
    ("Where in your day is there already some quiet?", 2),
    ("What can be good enough as it is?", 1),
    ("Which room would you like to be in right now?", 1),
    ("What is one thing that you can say no to today?", 2),
    ("What do you want to remember of this day in a year?", 3),
    ("Who would enjoy hearing from you this week?", 2),
    ("What gives you energy that costs nothing?", 2),
];
