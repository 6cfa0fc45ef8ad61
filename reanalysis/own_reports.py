"""Reports and sentences made up for demonstrations: no patient, no study, no paper.

They are written for this book, so that what a language model does to a text can be tried without
anybody's data.
"""

# What the small tokenizer learns from.
TRAINING_TEXT = """
The liver is of normal size. The liver shows no focal lesion. The bile ducts are not dilated.
The gallbladder is thin walled and free of stones. The common bile duct is not dilated.
The pancreas is partly covered by bowel gas. The spleen is normal in size and shows no lesion.
The right kidney shows no stone. The left kidney shows a simple cyst of 12 mm. The kidneys show no
dilated calyces. The aorta is of normal calibre. There is no free fluid and no enlarged lymph node.
The bladder is well filled and its wall is smooth. No abnormal finding in the abdomen.
"""

# Ten words and one sign, in two languages.
SENTENCE = "The liver shows no lesion and the spleen is normal."
SENTENCE_IN_GERMAN = "Die Leber zeigt keinen Herd und die Milz ist normal."

REPORT = """Right upper quadrant pain. No fever.
The liver measures 14 cm. No focal lesion. No dilated bile ducts.
The gallbladder holds a stone of 9 mm. The wall measures 2 mm (<3 mm is normal).
The right kidney is normal. The left kidney has a cyst of 12 mm. No hydronephrosis.
No free fluid. No enlarged lymph nodes.
"""

SECTIONS = ("indication", "liver", "gallbladder", "kidneys", "lymph nodes")

# Rewritten by hand, with one denial left out.
REWRITTEN = """Indication: right upper quadrant pain, no fever.
Liver: 14 cm. No focal lesion. No dilated bile ducts.
Gallbladder: stone of 9 mm. Wall 2 mm (<3 mm is normal).
Kidneys: cyst of 12 mm in the left kidney. Right kidney normal. No hydronephrosis.
Lymph nodes: no enlarged lymph nodes.
"""

# The same with the missing denial, and with a mistake that no list of words finds: the side.
WRONG_SIDE = REWRITTEN.replace("in the left kidney. Right", "in the right kidney. Left") + (
    "Other: no free fluid.\n"
)
